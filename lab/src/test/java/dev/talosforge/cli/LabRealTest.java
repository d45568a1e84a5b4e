package dev.talosforge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.talosforge.cli.session.ProcessEnvironment;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Talos itself in the lab; what it does there is asked by {@code make conformance}. */
class LabRealTest {
    @Test
    void whatWasNotBuiltIsReportedBeforeAnythingIsFetched(@TempDir Path folder) {
        assertEquals("""
                error: cannot put the real Talos v1.11.5 into the lab
                  why:   there is no folder %s
                  try:   scripts/judges.sh talos talos-root
                5
                """.formatted(folder.resolve("judges/talos-1.11.5")), refused(folder));
    }

    @Test
    void aSizeIsForTheStandInOnly(@TempDir Path folder) {
        assertEquals("""
                error: cannot use --base-size with --real
                  why:   the size of the real Talos cannot be changed
                2
                """, refused(folder, "--base-size", "76"));
    }

    /** What is said on standard error, and the exit code; nothing else was done. */
    private static String refused(Path folder, String... options) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        List<String> arguments = new ArrayList<>(List.of("-C", folder.toString(), "lab", "up", "--real", "judges"));
        arguments.addAll(List.of(options));
        int code = Main.run(
                arguments.toArray(String[]::new),
                new ProcessEnvironment(
                        new PrintStream(out, true, UTF_8),
                        new PrintStream(err, true, UTF_8),
                        Map.of("HOME", folder.toString()),
                        false));
        assertEquals("", out.toString(UTF_8));
        assertFalse(Files.exists(folder.resolve(".lab")));
        return err.toString(UTF_8) + code + "\n";
    }
}
