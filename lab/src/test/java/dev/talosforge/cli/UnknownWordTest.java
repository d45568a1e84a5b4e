package dev.talosforge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.cli.session.ProcessEnvironment;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Commands that there are not: an error, with {@code --help} as well, and no guess that is far off. */
class UnknownWordTest {
    private record Result(int code, String out, String err) {}

    private static Result run(String line) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Main.run(
                line.split(" ", -1),
                new ProcessEnvironment(
                        new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), new TreeMap<>(), false));
        return new Result(code, out.toString(UTF_8), err.toString(UTF_8));
    }

    private static String refused(String line) {
        Result result = run(line);
        assertEquals(2, result.code(), line);
        assertEquals("", result.out(), line);
        return result.err();
    }

    private static String error(String why, String remedy) {
        return "error: cannot understand the command line\n  why:   %s\n  try:   %s\n".formatted(why, remedy);
    }

    @Test
    void anUnknownCommandIsAnErrorWithHelpAsWell() {
        for (String help : List.of("", " --help", " -h", " --version", " --json --help", " -C / --help", " x --help")) {
            assertEquals(
                    error("there is no command \"frobnicate\"", "run: talos-forge --help"),
                    refused("frobnicate" + help));
            for (String group : List.of("lab", "extension", "doctor")) {
                assertEquals(
                        error(group + " has no command \"frobnicate\"", "run: talos-forge " + group + " --help"),
                        refused(group + " frobnicate" + help));
            }
        }
        assertTrue(refused("--help frobnicate").contains("there is no command \"frobnicate\""));
        assertTrue(refused("help frobnicate").contains("frobnicate"));
    }

    @Test
    void commandsThatThereAreKeepTheirHelp() {
        for (String line :
                List.of("--help", "lab --help", "apply -h", "doctor vm --help", "help lab", "--version", "lab up -h")) {
            Result result = run(line);
            assertEquals(0, result.code(), line);
            assertEquals("", result.err(), line);
        }
    }

    @Test
    void onlyWhatIsNearIsSuggested() {
        String help = "  run: talos-forge --help";
        assertEquals(error("there is no command \"aply\"", "did you mean apply?" + help), refused("aply"));
        assertEquals(error("there is no command \"aply\"", "did you mean apply?" + help), refused("aply --help"));
        assertEquals(error("there is no command \"valdate\"", "did you mean validate?" + help), refused("valdate"));
        assertEquals(error("there is no command \"up\"", "did you mean lab up?" + help), refused("up"));
        assertEquals(error("there is no command \"new\"", "did you mean extension new?" + help), refused("new x"));
        assertEquals(
                error("lab has no command \"stauts\"", "did you mean status?  run: talos-forge lab --help"),
                refused("lab stauts"));
        for (String far : List.of("man", "serve", "foo", "boat-house")) {
            assertEquals(error("there is no command \"" + far + "\"", help.strip()), refused(far));
        }
        assertEquals(
                error("Unknown option: '--no-psh'", "did you mean --no-push?  run: talos-forge apply --help"),
                refused("apply --no-psh"));
        assertEquals(
                error("Unknown option: '--frobnicate'", "run: talos-forge apply --help"),
                refused("apply --frobnicate"));
    }
}
