package dev.talosforge.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.net.HttpTransport;
import dev.talosforge.net.Parallel;
import dev.talosforge.net.Pauses;
import dev.talosforge.net.Retries;
import dev.talosforge.net.RetryPolicy;
import dev.talosforge.net.TransportSettings;
import dev.talosforge.oci.Descriptor;
import dev.talosforge.oci.ImageReference;
import dev.talosforge.oci.Manifest;
import dev.talosforge.oci.MediaType;
import dev.talosforge.registry.DockerCredentials;
import dev.talosforge.registry.RegistryClient;
import dev.talosforge.registry.RegistrySettings;
import dev.talosforge.testkit.JudgedRegistry;
import dev.talosforge.testkit.RegistryTools;
import dev.talosforge.testkit.RegistryTools.Tool;
import dev.talosforge.tree.DiskTree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The record of who published an image, in registries of today: the clients that people use list it with its type. */
@Tag("conformance")
class TagOwnerJudgedTest {
    private static final String TYPE = "application/vnd.talosforge.publication.v1+json";

    @TempDir
    private Path folder;

    private static String pinned(CommandLineRun run) {
        return run.out().replaceFirst("(?s).*extension_image +(\\S+).*", "$1").replace(":rack@", "@");
    }

    @ParameterizedTest
    @EnumSource(names = {"PLAIN", "REFERRERS"})
    void theRecordIsListedAndMovesTheTagOnAnotherMachine(JudgedRegistry.Kind kind) throws Exception {
        try (JudgedRegistry registry = JudgedRegistry.start(kind, folder)) {
            NoteUnit note = new NoteUnit(registry, registry.host(), folder);
            String rack = "extension_tag = \"rack\"\narchitectures = [\"amd64\", \"arm64\"]";
            String image = pinned(note.applied("hello", rack));
            RegistryTools tools = new RegistryTools(registry, registry.host(), folder);
            String oras = tools.output(Tool.ORAS, "discover", "--format", "json", image);
            assertTrue(oras.contains("\"artifactType\": \"%s\"".formatted(TYPE)), oras);
            assertTrue(oras.contains("\"dev.talosforge.unit\": \"*/note\""), oras);
            String regctl = tools.output(Tool.REGCTL, "artifact", "list", "--filter-artifact-type", TYPE, image);
            assertTrue(regctl.contains(TYPE), regctl);
            String manifest = tools.output(
                    Tool.REGCTL, "artifact", "list", "--filter-artifact-type", "application/vnd.acme", image);
            assertFalse(manifest.contains(TYPE), manifest);

            DiskTree.delete(folder.resolve("note"));
            String moved = pinned(note.applied("other", rack));
            assertEquals(
                    moved.replaceFirst(".*@", ""),
                    tools.output(Tool.CRANE, "digest", registry.host() + "/acme/note:rack")
                            .strip());
            Path inputs = Files.writeString(folder.resolve("inputs.json"), """
                    {"name": "note", "extension_version": "v1.2.3", "extension_registry": "%s/acme/note", "extension_tag": "rack",
                     "sources": [{"files": {"usr/local/share/note": "by a module"}}]}
                    """.formatted(registry.host()));
            CommandLineRun stage =
                    note.run(folder.resolve("note"), "stage", "extension", "apply", "--inputs", inputs.toString());
            assertEquals(0, stage.code(), stage::toString);
            Path other = Files.createDirectories(folder.resolve("other"));
            Files.writeString(
                    other.resolve("terragrunt.hcl"),
                    Files.readString(folder.resolve("note/terragrunt.hcl")).replace("= \"other\"", "= \"third\""));
            CommandLineRun refused = note.run(other, "apply");
            assertEquals(6, refused.code(), refused::toString);
            assertTrue(refused.err().contains("which was published by note,"), refused::toString);
            assertEquals(
                    "rack\n",
                    note.run(folder, "tags", registry.host() + "/acme/note").out());
        }
    }

    /** Eight programs, each with a client of its own, that nothing but the registry connects. */
    @Test
    void eightWritersOfTheTagLoseNothing() throws Exception {
        try (JudgedRegistry registry = JudgedRegistry.start(JudgedRegistry.Kind.PLAIN, folder);
                HttpTransport transport = new HttpTransport(TransportSettings.usual())) {
            NoteUnit note = new NoteUnit(registry, registry.host(), folder);
            String image = NoteUnit.pinned(note.applied("hello", ""));
            ImageReference repository = ImageReference.parse(registry.host() + "/acme/note");
            Sha256 subject = Sha256.parse(image.replaceFirst(".*@", ""));
            List<Callable<Boolean>> work = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Manifest about = Manifest.about(
                        new Descriptor(MediaType.OCI_MANIFEST, subject, 1),
                        "application/vnd.acme.writer",
                        new TreeMap<>(Map.of("writer", String.valueOf(i))));
                RegistryClient client = new RegistryClient(
                        transport,
                        new Retries(RetryPolicy.usual(), Pauses.sleeping(), ThreadLocalRandom.current()::nextDouble),
                        RegistrySettings.none(),
                        new DockerCredentials(null, Map.of(), Duration.ofSeconds(1)));
                work.add(() -> {
                    client.attach(repository, about, _ -> ByteSource.of(new byte[0]));
                    return true;
                });
            }
            Parallel.all(work);
            RegistryTools tools = new RegistryTools(registry, registry.host(), folder);
            String listed = tools.output(Tool.ORAS, "discover", "--format", "json", image);
            for (int i = 0; i < 8; i++) {
                assertTrue(listed.contains("\"writer\": \"%d\"".formatted(i)), listed);
            }
        }
    }
}
