package dev.talosforge.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Compares a description of what was made, one line for each part, with the one that is kept in
 * {@code core/src/test/resources/golden}. The first line that differs says what changed.
 *
 * <p>{@code -Dgolden.update=true} writes the file anew, and fails, so that it is never on by accident.
 */
public final class Golden {
    private static final Path FOLDER = Path.of("core/src/test/resources/golden");

    private Golden() {}

    public static void check(String name, List<String> lines) throws IOException {
        Path file = FOLDER.resolve(name + ".txt");
        if (Boolean.getBoolean("golden.update")) {
            Files.createDirectories(FOLDER);
            Files.writeString(file, String.join("\n", lines) + "\n");
            throw new AssertionError(file + " was written: look at the difference, then run without golden.update");
        }
        List<String> expected = Files.readAllLines(file);
        for (int i = 0; i < Math.min(expected.size(), lines.size()); i++) {
            assertEquals(
                    expected.get(i), lines.get(i), "%s, line %d, is the first that differs".formatted(file, i + 1));
        }
        assertEquals(expected.size(), lines.size(), file + " is otherwise the same");
    }
}
