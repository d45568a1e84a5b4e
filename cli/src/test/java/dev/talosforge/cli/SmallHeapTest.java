package dev.talosforge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs of their own, with little memory: what does not suffice is told, and nothing is printed for a result. */
@Tag("reference")
class SmallHeapTest {
    private static final String HEAP = "64m";

    @TempDir
    Path folder = Path.of("");

    private CommandLineRun run(String... args) throws Exception {
        return SmallProcess.run(HEAP, folder.toRealPath(), folder.resolve("store"), args);
    }

    private void unit(String text) throws Exception {
        Files.writeString(folder.resolve("terragrunt.hcl"), "terraform { source = \"m//talos_images\" }\n" + text);
    }

    private static void assertExhausted(CommandLineRun run) {
        assertEquals(5, run.code(), run.err());
        assertEquals("", run.out());
        assertTrue(run.err().contains("why:   it needs more memory than the program may use ("), run.err());
        assertTrue(run.err().contains("try:   allow more: TALOS_FORGE_HEAP=1g talos-forge …"), run.err());
        assertPlain(run);
    }

    private static void assertPlain(CommandLineRun run) {
        assertFalse(run.err().contains("Exception in thread"), run.err());
        assertFalse(run.err().contains("\tat "), run.err());
        assertFalse(run.err().contains("a bug in talos-forge"), run.err());
    }

    @Test
    void anEvaluationThatNeedsMoreMemoryIsAnErrorAndNoEmptyObject() throws Exception {
        Files.writeString(folder.resolve("text"), "x".repeat(8 << 20), UTF_8);
        unit("""
                locals { text = file("text") }
                inputs = { x = length([for i in range(0, 60) : "${local.text}${i}"]) }
                """);
        assertExhausted(run("render"));
        assertExhausted(run("validate"));
    }

    @Test
    void aChainOfFourThousandLocalsIsReadOrAnErrorOfOurs() throws Exception {
        StringBuilder text = new StringBuilder("locals {\n  a0 = \"v1.13.5\"\n");
        for (int i = 1; i <= 4000; i++) {
            text.append("  a%d = local.a%d\n".formatted(i, i - 1));
        }
        unit(text + """
                }
                inputs = {
                  talos_version      = local.a4000
                  installer_registry = "127.0.0.1:5000/installer"
                }
                """);
        CommandLineRun run = run("render");
        // Whether the stack suffices is the compiler's choice of frames: a value or one error, nothing between.
        if (run.code() == 0) {
            assertTrue(run.out().contains("v1.13.5"), run.out());
        } else {
            assertEquals(5, run.code(), run.err());
        }
        assertPlain(run);
    }
}
