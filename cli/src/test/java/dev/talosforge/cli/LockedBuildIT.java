package dev.talosforge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.cli.session.ProcessEnvironment;
import dev.talosforge.testkit.LocalRegistry;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a lock, and what it names in the store, images are built without the registry, and are the same. */
@Tag("registry")
class LockedBuildIT {
    @TempDir
    Path folder = Path.of("");

    @Test
    void aLockedTreeIsBuiltWithoutTheRegistry() throws Exception {
        SmallWorld world = SmallWorld.in(folder);
        Path unit = world.unit("v1");
        Path iso = unit.resolve("iso/talos-v1.11.5-nocloud-amd64.iso");
        Files.createDirectories(world.folder().resolve("tree/common"));
        try (LocalRegistry _ = world.registry()) {
            run(world, unit, "lock");
            run(world, unit, "apply", "--no-push", "--locked");
        }
        Path first = Files.move(iso, unit.resolve("first.iso"));
        run(world, unit, "plan", "--locked");
        run(world, unit, "apply", "--no-push", "--locked");
        assertEquals(-1, Files.mismatch(first, iso));
        assertTrue(Files.isRegularFile(world.folder().resolve("tree/talos.lock.json")));
    }

    private static void run(SmallWorld world, Path unit, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        List<String> all = new ArrayList<>(List.of("-C", unit.toString()));
        all.addAll(List.of(arguments));
        PrintStream stream = new PrintStream(out, true, UTF_8);
        int code = Main.run(
                all.toArray(String[]::new),
                new ProcessEnvironment(
                        stream, stream, world.environment(world.folder().resolve("store")), false));
        assertEquals(0, code, () -> out.toString(UTF_8));
    }
}
