package dev.talosforge.cli.words;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AmountsTest {
    @ParameterizedTest
    @CsvSource({"90m, PT90M", "12h, PT12H", "7d, P7D", "4w, P28D", "0d, PT0S"})
    void times(String text, Duration expected) {
        assertEquals(expected, Amounts.time("--older-than", text));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "500, 500",
        "500B, 500",
        "1kB, 1000",
        "1KiB, 1024",
        "500MB, 500000000",
        "20GB, 20000000000",
        "20G, 20000000000",
        "20 gb, 20000000000",
        "20GiB, 21474836480",
        "1.5TB, 1500000000000",
        "999999999999TB, 9223372036854775807"
    })
    void sizes(String text, long expected) {
        assertEquals(expected, Amounts.size("--max-size", text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "7", "d", "-7d", "7x", "7days", "7 d", "1.5d", "9999999d"})
    void whatIsNoTime(String text) {
        assertEquals(
                Problem.Kind.INVALID_INPUT,
                assertThrows(BuildException.class, () -> Amounts.time("--older-than", text))
                        .problems()
                        .getFirst()
                        .kind());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GB", "-1GB", "1XB", "1,5GB", "1iB", "1.GB", "1GB2"})
    void whatIsNoSize(String text) {
        assertEquals(
                Problem.Kind.INVALID_INPUT,
                assertThrows(BuildException.class, () -> Amounts.size("--max-size", text))
                        .problems()
                        .getFirst()
                        .kind());
    }
}
