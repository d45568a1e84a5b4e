package dev.talosforge.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.testkit.Judge;
import dev.talosforge.testkit.Judge.Result;
import dev.talosforge.testkit.JudgedRegistry;
import dev.talosforge.testkit.RegistryTools;
import dev.talosforge.testkit.RegistryTools.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What we publish is signed by the programs that people sign with, as far as that goes without a service, and something
 * is attached to it, by the referrers API and by the tags that stand for it. Our next apply leaves all of that alone.
 */
@Tag("conformance")
class SignedByOthersTest {
    private static final List<Judge> COSIGNS = Judge.all("cosign");

    @TempDir
    private Path folder;

    private Result run(JudgedRegistry registry, Judge judge, String line) throws Exception {
        SortedMap<String, String> environment = registry.environment();
        environment.put("COSIGN_PASSWORD", "tests");
        return judge.run(folder, environment, line.split(" ", -1));
    }

    private String output(JudgedRegistry registry, Judge judge, String line) throws Exception {
        Result result = run(registry, judge, line);
        assertEquals(0, result.code(), () -> judge + " " + line + "\n" + result);
        return result.out();
    }

    /** Without a transparency log; version 3 needs to be told so twice. */
    private static String sign(Judge cosign, String image) {
        return "sign --yes --key cosign.key --tlog-upload=false %s--allow-http-registry %s"
                .formatted(cosign.equals(COSIGNS.getFirst()) ? "" : "--use-signing-config=false ", image);
    }

    private static String verify(String image) {
        return "verify --key cosign.pub --insecure-ignore-tlog --allow-http-registry " + image;
    }

    @ParameterizedTest
    @EnumSource(names = {"PLAIN", "REFERRERS"})
    void signaturesHoldAndStay(JudgedRegistry.Kind kind) throws Exception {
        try (JudgedRegistry registry = JudgedRegistry.start(kind, folder)) {
            NoteUnit note = new NoteUnit(registry, registry.host(), folder);
            String image = NoteUnit.pinned(note.applied("hello", "architectures = [\"amd64\", \"arm64\"]"));
            CommandLineRun inspected = note.run(folder, "inspect", note.image());

            output(registry, COSIGNS.getFirst(), "generate-key-pair");
            for (Judge cosign : COSIGNS) {
                output(registry, cosign, sign(cosign, image));
            }
            Judge notation = Judge.only("notation");
            output(registry, notation, "cert generate-test --default acme.test");
            Files.writeString(
                    Files.createDirectories(registry.home().resolve(".config/notation"))
                            .resolve("trustpolicy.json"),
                    "{\"version\":\"1.0\",\"trustPolicies\":[{\"name\":\"tests\",\"registryScopes\":[\"*\"],"
                            + "\"signatureVerification\":{\"level\":\"strict\"},"
                            + "\"trustStores\":[\"ca:acme.test\"],\"trustedIdentities\":[\"*\"]}]}");
            output(registry, notation, "sign --force-referrers-tag=false --insecure-registry " + image);
            RegistryTools tools = new RegistryTools(registry, registry.host(), folder);
            Files.writeString(folder.resolve("bom"), "{}");

            tools.output(Tool.ORAS, "attach", "--artifact-type", "application/vnd.acme.bom", image, "bom:text/plain");

            assertEquals(image, NoteUnit.pinned(note.applied("hello", "architectures = [\"amd64\", \"arm64\"]")));
            assertEquals(inspected, note.run(folder, "inspect", note.image()));
            held(registry, tools, notation, image);

            String other = NoteUnit.pinned(note.applied("other", "architectures = [\"amd64\", \"arm64\"]"));
            assertNotEquals(image, other);
            for (Judge cosign : COSIGNS) {
                Result result = run(registry, cosign, verify(other));
                assertTrue(result.code() != 0 && result.err().contains("no"), () -> cosign + " " + result);
            }
            assertNotEquals(
                    0,
                    run(registry, notation, "verify --insecure-registry " + other)
                            .code());
            held(registry, tools, notation, image);
            // the tags that stand for the API where there is none
            String digest = image.replaceFirst(".*@sha256:", "sha256-");
            assertEquals(
                    kind == JudgedRegistry.Kind.PLAIN,
                    tools.output(Tool.CRANE, "ls", registry.host() + "/acme/note")
                            .lines()
                            .anyMatch(digest::equals));
        }
    }

    private void held(JudgedRegistry registry, RegistryTools tools, Judge notation, String image) throws Exception {
        for (Judge cosign : COSIGNS) {
            assertTrue(
                    output(registry, cosign, verify(image)).contains(image.replaceFirst(".*@", "")), cosign.toString());
        }
        output(registry, notation, "verify --insecure-registry " + image);
        String attached = tools.output(Tool.ORAS, "discover", image);
        for (String type : List.of("application/vnd.acme.bom", "application/vnd.cncf.notary.signature")) {
            assertTrue(attached.contains(type), attached);
        }
    }
}
