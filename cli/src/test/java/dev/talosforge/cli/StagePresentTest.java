package dev.talosforge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.json.Json;
import dev.talosforge.json.JsonReader;
import dev.talosforge.tree.DiskTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether what a stage delivered to this machine is still there: layouts, archives and ISOs. */
class StagePresentTest {
    @TempDir
    Path folder = Path.of("");

    @BeforeEach
    void resolve() throws IOException {
        folder = folder.toRealPath();
    }

    private CommandLineRun run(String stage, String action, String inputs, String record) {
        Map<String, String> environment = new TreeMap<>();
        environment.put("TALOS_FORGE_STORE", folder.resolve("store").toString());
        environment.put("SOURCE_DATE_EPOCH", "1735689600");
        environment.put(
                "TALOS_FORGE_REQUEST",
                Json.object()
                        .put("inputs", inputs)
                        .put("record", record)
                        .build()
                        .compact());
        return CommandLineRun.in(folder, environment, "stage", stage, action).withoutFolder(folder);
    }

    /** The states of the targets, and the line for people; nothing but the answer is printed. */
    private String present(String stage, String inputs, String record) throws IOException {
        CommandLineRun run = run(stage, "present", inputs, record);
        assertEquals(new CommandLineRun(0, run.out(), ""), run);
        Json.JsonObject answer = JsonReader.readObject("answer", run.out().getBytes(UTF_8));
        String missing = String.valueOf(answer.text("missing"));
        assertEquals(String.valueOf(missing.isEmpty()), answer.text("present"));
        List<String> states = answer.members().keySet().stream()
                .filter(name -> name.startsWith("target "))
                .map(name -> name.substring("target ".length()) + " " + answer.text(name))
                .toList();
        return String.join("\n", states) + "\n" + missing;
    }

    private static String hello(String place, String text) {
        return """
                {"name": "hello", "version": "v1", "extension_registry": "%s", "overwrite_tag": true,
                 "sources": [{"files": {"usr/local/share/hello.txt": "%s"}}]}
                """.formatted(place, text);
    }

    private String applied(String place, String text) throws IOException {
        CommandLineRun run = run("extension", "apply", hello(place, text), "");
        assertEquals(0, run.code(), run::err);
        return String.valueOf(
                JsonReader.readObject("answer", run.out().getBytes(UTF_8)).text("record"));
    }

    private static String digest(String record) throws IOException {
        Json.JsonObject outputs =
                JsonReader.readObject("record", record.getBytes(UTF_8)).object("outputs");
        return String.valueOf(outputs == null ? null : outputs.text("extension_digest"));
    }

    private static String shown(String digest) {
        return digest.substring(0, "sha256:".length() + 12);
    }

    @Test
    void aLayoutMayMoveBreakOrGo() throws IOException {
        String one = applied("oci:out", "one");
        String inputs = hello("oci:out", "one");
        assertEquals("oci:out:v1 present\n", present("extension", inputs, one));
        String two = digest(applied("oci:out", "two"));
        assertEquals(
                "oci:out:v1 other %s\noci:out:v1 names %s now, not %s".formatted(two, shown(two), shown(digest(one))),
                present("extension", inputs, one));
        assertEquals("oci:out:v1 present\n", present("extension", inputs, ""));
        Files.delete(folder.resolve("out/blobs").resolve(two.replace(':', '/')));
        assertEquals("oci:out:v1 damaged\noci:out:v1 is damaged", present("extension", inputs, one));
        Files.writeString(folder.resolve("out/index.json"), "{");
        assertEquals("oci:out:v1 damaged\noci:out:v1 is damaged", present("extension", inputs, one));
        DiskTree.delete(folder.resolve("out"));
        assertEquals("oci:out:v1 missing\noci:out:v1 is missing", present("extension", inputs, one));
    }

    @Test
    void anEmptyFolderIsNotMadeALayout() throws IOException {
        Files.createDirectory(folder.resolve("out"));
        assertEquals("oci:out:v1 missing\noci:out:v1 is missing", present("extension", hello("oci:out", "one"), ""));
        try (Stream<Path> files = Files.list(folder.resolve("out"))) {
            assertFalse(files.findAny().isPresent());
        }
    }

    @Test
    void anArchiveIsRead() throws IOException {
        String one = applied("oci-archive:out.tar", "one");
        String inputs = hello("oci-archive:out.tar", "one");
        assertEquals("oci-archive:out.tar:v1 present\n", present("extension", inputs, one));
        String two = digest(applied("oci-archive:out.tar", "two"));
        assertEquals(
                "oci-archive:out.tar:v1 other %s\noci-archive:out.tar:v1 names %s now, not %s"
                        .formatted(two, shown(two), shown(digest(one))),
                present("extension", inputs, one));
        Files.writeString(folder.resolve("out.tar"), "not a tar archive");
        assertEquals(
                "oci-archive:out.tar:v1 damaged\noci-archive:out.tar:v1 is damaged", present("extension", inputs, one));
        Files.delete(folder.resolve("out.tar"));
        assertEquals(
                "oci-archive:out.tar:v1 missing\noci-archive:out.tar:v1 is missing", present("extension", inputs, one));
    }

    /** Its manifest has no digest that could be compared. */
    @Test
    void anArchiveOfDockerIsThereOrNot() throws IOException {
        String inputs = hello("docker-archive:out.tar:acme/hello", "one");
        String one = applied("docker-archive:out.tar:acme/hello", "one");
        String target = "docker-archive:out.tar:docker.io/acme/hello:v1 ";
        assertEquals(target + "present\n", present("extension", inputs, one));
        Files.writeString(folder.resolve("out.tar"), "not a tar archive");
        assertEquals(target + "damaged\n" + target + "is damaged", present("extension", inputs, one));
    }

    private static String images(String registry, String architectures) {
        return """
                {"talos_version": "v1.11.5", "installer_registry": "%s", "architectures": [%s],
                 "iso_output_dir": "iso", "iso_name": "talos-{architecture}.iso"}
                """.formatted(registry, architectures);
    }

    /** The record is what a caller keeps of an apply; its images are the extension's. */
    @Test
    void everyArchitectureHasItsIso() throws IOException {
        String layout = digest(applied("oci:out", "one"));
        Path amd64 = Files.createDirectory(folder.resolve("iso")).resolve("talos-amd64.iso");
        Path arm64 = amd64.resolveSibling("talos-arm64.iso");
        Files.writeString(amd64, "for amd64");
        Files.writeString(arm64, "for arm64");
        String record = Json.object()
                .put(
                        "outputs",
                        Json.object()
                                .put("installer_digest", layout)
                                .put(
                                        "iso_sha256",
                                        Sha256.of(ByteSource.of(amd64)).hex())
                                .put(
                                        "iso_sha256s",
                                        Json.object()
                                                .put(
                                                        "amd64",
                                                        Sha256.of(ByteSource.of(amd64))
                                                                .hex())
                                                .put(
                                                        "arm64",
                                                        Sha256.of(ByteSource.of(arm64))
                                                                .hex())
                                                .build())
                                .build())
                .build()
                .compact();
        String inputs = images("oci:out", "\"amd64\", \"arm64\"")
                .replace("\"iso_output_dir\"", "\"installer_tag\": \"v1\", \"iso_output_dir\"");
        assertEquals("""
                iso/talos-amd64.iso present
                iso/talos-arm64.iso present
                oci:out:v1 present
                """, present("images", inputs, record));
        Files.writeString(amd64, "for somebody else");
        Files.delete(arm64);
        Files.createDirectory(arm64);
        assertEquals(
                """
                iso/talos-amd64.iso other sha256:NEW
                iso/talos-arm64.iso other folder
                oci:out:v1 present
                iso/talos-amd64.iso contains sha256:NEW now, not sha256:OLD; iso/talos-arm64.iso is a folder now""".replaceFirst("sha256:NEW", Sha256.of(ByteSource.of(amd64)).toString())
                        .replace("sha256:NEW", Sha256.of(ByteSource.of(amd64)).shortText())
                        .replace(
                                "sha256:OLD",
                                Sha256.of(ByteSource.of("for amd64".getBytes(UTF_8)))
                                        .shortText()),
                present("images", inputs, record));
        Files.delete(amd64);
        DiskTree.delete(folder.resolve("out"));
        assertEquals("""
                iso/talos-amd64.iso missing
                iso/talos-arm64.iso other folder
                oci:out:v1 missing
                iso/talos-amd64.iso is missing; iso/talos-arm64.iso is a folder now; oci:out:v1 is missing""", present("images", inputs, record));
    }

    /** There is one digest for all of them, so only that they are there is known. */
    @Test
    void aLayoutForEachArchitectureIsSeen() throws IOException {
        applied("oci:out-amd64", "one");
        String inputs = """
                {"name": "hello", "version": "v1", "extension_registry": "oci:out-{architecture}",
                 "architectures": ["amd64", "arm64"], "sources": [{"files": {"usr/local/share/hello.txt": ""}}]}
                """;
        assertEquals(
                """
                oci:out-amd64:v1 present
                oci:out-arm64:v1 missing
                oci:out-arm64:v1 is missing""",
                present(
                        "extension",
                        inputs,
                        "{\"outputs\": {\"extension_digest\": \"sha256:%s\"}}".formatted("0".repeat(64))));
    }
}
