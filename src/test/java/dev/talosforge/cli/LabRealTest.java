package dev.talosforge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.talosforge.cli.Main.Surroundings;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Talos itself in the lab; what it does there is asked by {@code make conformance}. */
class LabRealTest {
    @Test
    void whatWasNotBuiltIsToldBeforeAnythingIsFetched(@TempDir Path folder) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Main.run(
                new String[] {"-C", folder.toString(), "lab", "up", "--real", "judges"},
                new Surroundings(
                        new PrintStream(out, true, UTF_8),
                        new PrintStream(err, true, UTF_8),
                        Map.of("HOME", folder.toString()),
                        false));

        assertEquals("", out.toString(UTF_8));
        assertEquals("""
                error: cannot take the real Talos v1.11.5 into the lab
                  why:   there is no folder %s
                  try:   scripts/judges.sh talos talos-root
                """.formatted(folder.resolve("judges/talos-1.11.5")), err.toString(UTF_8));
        assertEquals(5, code);
        assertFalse(Files.exists(folder.resolve(".lab")));
    }
}
