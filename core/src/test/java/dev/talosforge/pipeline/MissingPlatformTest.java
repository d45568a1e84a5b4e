package dev.talosforge.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.talosforge.engine.Event;
import dev.talosforge.json.Json;
import dev.talosforge.pipeline.context.BuildContext;
import dev.talosforge.pipeline.context.ContextSample;
import dev.talosforge.pipeline.run.RunSettings;
import dev.talosforge.pipeline.run.UnitResult;
import dev.talosforge.problem.Problem;
import dev.talosforge.registry.RegistrySettings;
import dev.talosforge.testkit.LocalRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An image that does not exist for every platform that is built: a plan finds it, before anything is pulled. */
@Tag("registry")
class MissingPlatformTest {
    private final List<Event> events = new ArrayList<>();

    @TempDir
    private Path folder;

    private Path unit(String name, String inputs) throws Exception {
        Path unit = Files.createDirectories(folder.toRealPath().resolve(name));
        Files.writeString(unit.resolve("terragrunt.hcl"), inputs);
        return unit;
    }

    private Forge forge(String store) throws Exception {
        BuildContext context = ContextSample.in(folder.resolve(store), events, RegistrySettings.none(), true);
        return new Forge(context, RunSettings.plain(Map.of(), () -> Instant.ofEpochSecond(1000)));
    }

    @Test
    void aSingleImageOfARegistry() throws Exception {
        try (LocalRegistry registry = LocalRegistry.start(Files.createDirectories(folder.resolve("registry")))) {
            String image = registry.host() + "/acme/note";
            Path made = unit("made", """
                    terraform { source = "../modules/talos_extension" }
                    inputs = {
                      name               = "note"
                      version            = "v1.0.0"
                      extension_registry = "%s"
                      sources            = [{ files = { "usr/local/share/note.txt" = "note" } }]
                    }
                    """.formatted(image));
            UnitResult applied = forge("store").apply(made);
            assertEquals(UnitResult.Ending.APPLIED, applied.ending(), applied::toString);
            String digest = applied.outputs().get("extension_digest") instanceof Json.JsonText(String text) ? text : "";
            Path both = unit("both", """
                    terraform { source = "../modules/talos_extension" }
                    inputs = {
                      name               = "both"
                      version            = "v1.0.0"
                      architectures      = ["amd64", "arm64"]
                      extension_registry = "oci:out"
                      sources            = [{ image = "%s@%s" }]
                    }
                    """.formatted(image, digest));
            for (String store : List.of("store", "other")) {
                List<Problem> problems = forge(store).plan(both).result().problems();
                assertEquals(
                        List.of("it is for linux/amd64, but the unit builds for linux/arm64"),
                        problems.stream().map(Problem::why).toList(),
                        store);
                assertEquals(Problem.Kind.BAD_ARTIFACT, problems.getFirst().kind());
            }
        }
    }

    @Test
    void everyImageOfTheImages() throws Exception {
        DiskWorld.in(folder);
        Path images = unit("images", """
                terraform { source = "../modules/talos_images" }
                inputs = {
                  %s
                  architectures        = ["amd64", "arm64"]
                  installer_registry   = "oci:out"
                  custom_extensions    = ["oci:../world:amd64-only"]
                }
                """.formatted(DiskWorld.images("")));
        assertEquals(
                List.of("it is for linux/amd64, but the unit builds for linux/arm64"),
                forge("store").plan(images).result().problems().stream()
                        .map(Problem::why)
                        .toList());
    }
}
