package dev.talosforge.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.Sha256;
import dev.talosforge.engine.Event;
import dev.talosforge.json.Json;
import dev.talosforge.oci.ImageReference;
import dev.talosforge.pipeline.context.BuildContext;
import dev.talosforge.pipeline.context.ContextSample;
import dev.talosforge.pipeline.run.RunQueue;
import dev.talosforge.pipeline.run.RunSettings;
import dev.talosforge.pipeline.run.UnitResult;
import dev.talosforge.problem.Problem;
import dev.talosforge.provenance.ApplyRecord;
import dev.talosforge.provenance.Publication;
import dev.talosforge.provenance.ReadRecord;
import dev.talosforge.registry.RegistrySettings;
import dev.talosforge.testkit.LocalRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code --no-push} makes is recorded, and is no publication: nobody is behind it, and the next push is a push.
 */
@Tag("registry")
class NotPushedTest {
    private final List<Event> events = new ArrayList<>();

    @TempDir
    private Path folder;

    private @Nullable LocalRegistry running;

    @BeforeEach
    void start() throws Exception {
        running = LocalRegistry.start(Files.createDirectories(folder.resolve("registry")));
    }

    @AfterEach
    void stop() {
        registry().close();
    }

    private LocalRegistry registry() {
        assertNotNull(running);
        return running;
    }

    /** An extension whose tag is not its version: it may move away from what this unit published only. */
    private UnitResult apply(String unit, String version, boolean push, long now) throws Exception {
        Path directory = Files.createDirectories(folder.resolve("tree").resolve(unit));
        Files.writeString(directory.resolve("terragrunt.hcl"), """
                terraform { source = "../modules/talos_extension" }
                remote_state {
                  backend = "local"
                  config  = { path = "terraform.tfstate" }
                }
                inputs = {
                  name               = "note"
                  version            = "%s"
                  extension_registry = "%s/acme/note"
                  extension_tag      = "stable"
                  sources            = [{ files = { "usr/local/share/note.txt" = "note" } }]
                }
                """.formatted(
                        version, registry().host()));
        BuildContext context = ContextSample.in(folder.resolve("work"), events, RegistrySettings.none(), push);
        RunSettings settings = RunSettings.plain(Map.of(), () -> Instant.ofEpochSecond(now));
        return new Forge(context, settings).apply(directory);
    }

    private String named() throws Exception {
        BuildContext context = ContextSample.in(folder.resolve("work"), events, RegistrySettings.none(), true);
        Sha256 digest =
                context.registries().digest(ImageReference.parse(registry().host() + "/acme/note:stable"));
        return digest == null ? "nothing" : digest.toString();
    }

    private @Nullable Long published(String unit) throws Exception {
        ApplyRecord record = ReadRecord.beside(
                        folder.resolve("tree").resolve(unit).resolve("terraform.tfstate"))
                .record();
        assertNotNull(record);
        Publication publication = record.publication();
        assertNotNull(publication);
        return publication.published();
    }

    /** States where Terragrunt looks for them, by their contents. */
    private List<String> handedOver(String unit) throws Exception {
        Path cache = folder.resolve("tree").resolve(unit).resolve(".terragrunt-cache");
        if (!Files.exists(cache)) {
            return List.of();
        }
        List<String> states = new ArrayList<>();
        try (Stream<Path> files = Files.walk(cache)) {
            for (Path file : files.filter(path -> path.endsWith("terraform.tfstate"))
                    .sorted()
                    .toList()) {
                states.add(Files.readString(file));
            }
        }
        return states;
    }

    private static String digest(UnitResult applied) {
        assertTrue(
                applied.ending() == UnitResult.Ending.APPLIED || applied.ending() == UnitResult.Ending.BUILT,
                applied::toString);
        return applied.outputs().get("extension_digest") instanceof Json.JsonText(String text) ? text : "none";
    }

    @Test
    void isNoPublication() throws Exception {
        String first = digest(apply("a", "v1.0.0", false, 1000));
        assertEquals("nothing", named());
        assertEquals(null, published("a"));
        assertEquals(List.of(), handedOver("a"));

        assertEquals(first, digest(apply("a", "v1.0.0", true, 2000)));
        assertEquals(first, named());
        assertEquals(2000, published("a"));
        List<String> pullable = handedOver("a");
        assertEquals(1, pullable.size());

        String second = digest(apply("a", "v2.0.0", false, 3000));
        assertNotEquals(first, second);
        assertEquals(first, named());
        assertEquals(2000, published("a"));
        assertEquals(pullable, handedOver("a"), "units that Terragrunt runs still get what can be pulled");

        // The tag names what this unit published last, though it made something else since.
        assertEquals(second, digest(apply("a", "v2.0.0", true, 4000)));
        assertEquals(second, named());
        assertEquals(4000, published("a"));
    }

    @Test
    void whatWasPublishedAgainKeepsItsTime() throws Exception {
        String first = digest(apply("a", "v1.0.0", true, 1000));
        digest(apply("a", "v2.0.0", false, 2000));
        assertEquals(first, digest(apply("a", "v1.0.0", true, 3000)));
        assertEquals(1000, published("a"));
    }

    /** A record of an earlier version of this program says nothing of an image, and its outputs were published. */
    @Test
    void olderRecordsArePublications() throws Exception {
        String first = digest(apply("a", "v1.0.0", true, 1000));
        Path record = folder.resolve("tree/a/terraform.tfstate.forge.json");
        String text = Files.readString(record);
        Files.writeString(record, text.replaceFirst("\"image\": \"sha256:[0-9a-f]{64}\",", ""));
        assertNotEquals(text, Files.readString(record));
        digest(apply("a", "v2.0.0", false, 2000));
        assertEquals(first, named());
        assertEquals(digest(apply("a", "v2.0.0", true, 3000)), named());
    }

    /** Nothing goes to a registry, nothing to a Proxmox, and nothing into the catalog that others read. */
    @Test
    void noPushSendsNothingAnywhere() throws Exception {
        UnitResult built = apply("a", "v1.0.0", false, 1000);
        assertEquals(UnitResult.Ending.BUILT, built.ending(), built::toString);
        assertEquals("not pushed: no push sends nothing", built.because());

        Path a = folder.resolve("tree/a/terragrunt.hcl");
        Files.writeString(
                a, Files.readString(a).replace("inputs = {", "inputs = {\n  catalog_path = \"catalog.json\""));
        Path upload = Files.createDirectories(folder.resolve("tree/upload"));
        Files.writeString(upload.resolve("a.iso"), "iso");
        Files.writeString(upload.resolve("terragrunt.hcl"), """
                terraform { source = "../modules/talos_proxmox_upload" }
                dependencies { paths = ["../a"] }
                inputs = {
                  iso_path             = "a.iso"
                  iso_name             = "a.iso"
                  proxmox_datastore_id = "resources"
                  proxmox_node_names   = ["pve01"]
                }
                """);
        BuildContext context = ContextSample.in(folder.resolve("work"), events, RegistrySettings.none(), false);
        RunSettings settings = RunSettings.plain(Map.of(), () -> Instant.ofEpochSecond(2000));
        List<String> results = new Forge(context, settings)
                .applyAll(folder.resolve("tree"), RunQueue.all(1)).stream()
                        .map(result -> "%s %s %s %s"
                                .formatted(result.unit(), result.ending(), result.because(), result.problems()))
                        .toList();
        assertEquals(
                List.of(
                        "a BUILT not pushed: no push sends nothing []",
                        "upload SKIPPED not uploaded: no push sends nothing []"),
                results);
        assertEquals("nothing", named());
        assertEquals(null, published("a"));
        assertFalse(Files.exists(upload.resolve("terraform.tfstate")));
        assertFalse(Files.exists(folder.resolve("tree/a/catalog.json")));
    }

    @Test
    void givesNoRightToATagOfAnotherUnit() throws Exception {
        String theirs = digest(apply("theirs", "v1.0.0", true, 1000));
        digest(apply("a", "v2.0.0", false, 2000));
        UnitResult refused = apply("a", "v2.0.0", true, 3000);
        assertEquals(
                List.of(Problem.Kind.REFUSED),
                refused.problems().stream().map(Problem::kind).toList());
        assertEquals(theirs, named());
        assertEquals(null, published("a"));
    }
}
