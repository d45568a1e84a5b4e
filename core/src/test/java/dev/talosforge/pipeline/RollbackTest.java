package dev.talosforge.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.talosforge.config.terragrunt.ProcessPrograms;
import dev.talosforge.engine.Event;
import dev.talosforge.json.Json.JsonText;
import dev.talosforge.oci.ImageReference;
import dev.talosforge.pipeline.context.BuildContext;
import dev.talosforge.pipeline.context.ContextSample;
import dev.talosforge.pipeline.pin.LockLocation;
import dev.talosforge.pipeline.run.RunSettings;
import dev.talosforge.pipeline.run.UnitResult;
import dev.talosforge.problem.Wording;
import dev.talosforge.provenance.StagePlan;
import dev.talosforge.registry.RegistrySettings;
import dev.talosforge.testkit.LocalRegistry;
import dev.talosforge.testkit.RequiredTool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tree that goes back gives what it gave before, and what was published once can still be pulled by its digest. */
@Tag("apt")
class RollbackTest {
    @TempDir
    private Path folder;

    private final List<Event> events = new ArrayList<>();
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

    /** A store of its own for each run: nothing is remembered. */
    private BuildContext context(String store) throws Exception {
        return ContextSample.in(folder.resolve(store), events, RegistrySettings.none(), true);
    }

    private Path unit() {
        return folder.resolve("tree/hello");
    }

    private void tree(String version, String packages, String file) throws Exception {
        Files.createDirectories(unit().resolve("rootfs/etc"));
        Files.writeString(unit().resolve("rootfs/etc/hello.conf"), file);
        Files.writeString(unit().resolve("terragrunt.hcl"), """
                terraform { source = "../modules/talos_extension" }
                inputs = {
                  name               = "hello"
                  version            = "%s"
                  extension_registry = "%s/acme/hello"
                  extension_tag      = "stable"
                  container          = "hello"
                  sources            = [{ debian_packages = [%s] }, { dir = "rootfs" }]
                }
                """.formatted(
                        version, registry().host(), packages));
    }

    private Forge forge(String store) throws Exception {
        return new Forge(
                context(store),
                new RunSettings(
                        new TreeMap<>(),
                        new TreeMap<>(),
                        new TreeSet<>(),
                        new TreeMap<>(),
                        null,
                        false,
                        "test",
                        "test",
                        new ProcessPrograms(Duration.ofSeconds(1), new TreeMap<>()),
                        false,
                        LockLocation.usual(),
                        true,
                        true,
                        Wording.plain(),
                        () -> Instant.ofEpochSecond(1_764_000_000L)));
    }

    private String apply(String store) throws Exception {
        UnitResult result = forge(store).apply(unit());
        assertEquals(UnitResult.Ending.APPLIED, result.ending(), () -> String.valueOf(result.problems()));
        return result.outputs().get("extension_image") instanceof JsonText(String text) ? text : "none";
    }

    private List<String> changes(String store) throws Exception {
        StagePlan plan = forge(store).plan(unit()).plan();
        assertNotNull(plan);
        return plan.changes().stream()
                .map(change -> change.kind() + " " + change.what())
                .toList();
    }

    @Test
    void theOldTreeGivesTheOldImage() throws Exception {
        RequiredTool.named("apt-get", "apt");
        RequiredTool skopeo = RequiredTool.named("skopeo", "skopeo");
        Path lock = unit().resolve("debian.lock.json");
        tree("v1.0.0", "\"busybox-static\"", "one");
        String first = apply("work");
        String oldLock = Files.readString(lock);
        assertEquals(List.of(), changes("work"));

        Files.delete(lock);
        tree("v1.1.0", "\"busybox-static\", \"tini\"", "two");
        List<String> changed = changes("work");
        assertEquals(
                List.of(
                        "CHANGED extension",
                        "CHANGED Debian packages",
                        "CHANGED source file rootfs/etc/hello.conf",
                        "CHANGED lock"),
                changed);
        String second = apply("work");
        assertNotEquals(first, second);

        // Back, on a machine that has never seen the first one; the tag goes back, too.
        tree("v1.0.0", "\"busybox-static\"", "one");
        Files.writeString(lock, oldLock);
        assertEquals(first, apply("other"));
        assertEquals(oldLock, Files.readString(lock));
        assertEquals(
                ImageReference.parse(first).digest(),
                context("third")
                        .registries()
                        .digest(ImageReference.parse(registry().host() + "/acme/hello:stable")));
        for (String image : List.of(first, second)) {
            ImageReference reference = ImageReference.parse(image);
            skopeo.run(
                    folder,
                    Path.of("/dev/null"),
                    "--insecure-policy",
                    "copy",
                    "-q",
                    "--src-tls-verify=false",
                    "docker://%s@%s".formatted(reference.name(), reference.digest()),
                    "oci:pulled:" + (image.equals(first) ? "first" : "second"));
        }
    }
}
