package dev.talosforge.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.JsonReader;
import dev.talosforge.testkit.RequiredTool;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example that is built from source, for both architectures, and what it says when it runs. */
@Tag("apt")
class BeaconExampleTest {
    private static final Path EXAMPLE = Path.of("examples/extensions/beacon");
    private static final Path STORE = Path.of("target/test-store").toAbsolutePath();
    private static final Path NOTHING = Path.of("/dev/null");
    private static final String BINARY = "rootfs/usr/local/lib/containers/beacon/usr/bin/beacon";

    @TempDir
    private Path folder;

    /** Copies the example and applies it there. */
    private Path applied(String name, String... options) throws IOException {
        Path unit = Files.createDirectory(folder.resolve(name)).toRealPath();
        try (Stream<Path> files = Files.walk(EXAMPLE)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path to = unit.resolve(EXAMPLE.relativize(file));
                Files.createDirectories(Objects.requireNonNull(to.getParent()));
                Files.copy(file, to);
            }
        }
        List<String> args = new ArrayList<>(List.of("apply", "--var", "extension_registry=oci:image"));
        args.addAll(List.of(options));
        CommandLineRun run = CommandLineRun.in(
                unit,
                Map.of(
                        "HOME", folder.toString(),
                        "PATH", String.valueOf(System.getenv("PATH")),
                        "TALOS_FORGE_STORE", STORE.toString()),
                args.toArray(String[]::new));
        assertEquals(0, run.code(), run::err);
        return unit;
    }

    /** The index names both images by their digests. */
    private static String index(Path unit) throws IOException {
        return Files.readString(unit.resolve("image/index.json"));
    }

    @Test
    void isBuiltForBothArchitecturesAndAnswers() throws Exception {
        RequiredTool.named("apt-get", "apt");
        RequiredTool.named("bwrap", "bubblewrap");
        Path unit = applied("first");

        Path amd64 = binary(unit, "amd64", 0x3e);
        Path arm64 = binary(unit, "arm64", 0xb7);
        assertEquals("x86_64", answer(amd64.toString()).text("machine"));
        String qemu = RequiredTool.named("qemu-aarch64-static", "qemu-user-static")
                .path()
                .toString();
        assertEquals("aarch64", answer(qemu, arm64.toString()).text("machine"));

        assertEquals(index(unit), index(applied("second", "--fresh")));
    }

    /** Unpacks one image with the field's own tools. */
    private Path binary(Path unit, String architecture, int machine) throws Exception {
        RequiredTool.named("skopeo", "skopeo")
                .run(
                        unit,
                        NOTHING,
                        "--insecure-policy",
                        "--override-arch",
                        architecture,
                        "copy",
                        "-q",
                        "oci:image:v1.0.0",
                        "oci:one:" + architecture);
        RequiredTool.named("umoci", "umoci")
                .run(unit, NOTHING, "raw", "unpack", "--rootless", "--image", "one:" + architecture, architecture);
        Path binary = unit.resolve(architecture).resolve(BINARY);
        ByteBuffer header = ByteBuffer.wrap(Files.readAllBytes(binary), 0, 64).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(0x464c457f, header.getInt(0), "no ELF file");
        assertEquals(machine, header.getShort(18), "e_machine");
        Path service = unit.resolve(architecture).resolve("rootfs/usr/local/etc/containers/beacon.yaml");
        assertTrue(Files.readString(service).contains("\"entrypoint\": \"/usr/bin/beacon\""));
        return binary;
    }

    private static JsonObject answer(String... program) throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        List<String> command = new ArrayList<>(List.of(program));
        command.add(Integer.toString(port));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (HttpClient client = HttpClient.newHttpClient()) {
            assertEquals("beacon: port " + port, process.inputReader().readLine());
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/".formatted(port)))
                    .timeout(Duration.ofMinutes(5))
                    .build();
            HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            assertEquals(200, response.statusCode());
            JsonObject answer = JsonReader.readObject("answer", response.body());
            assertNotNull(answer.text("node"));
            assertNotNull(answer.whole("uptime_seconds"));
            return answer;
        } finally {
            process.destroyForcibly();
        }
    }
}
