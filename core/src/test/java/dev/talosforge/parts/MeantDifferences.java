package dev.talosforge.parts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Differences that are meant, each with its reason. A row stands for what it matches: {@code *} in its part, in our
 * text and in theirs is any text. Every row has to have matched something.
 */
public final class MeantDifferences {
    private static final int COLUMNS = 4;

    private final List<Row> rows = new ArrayList<>();

    private static final class Row {
        private final String line;
        private final List<Pattern> columns;
        private boolean seen;

        Row(String line, List<Pattern> columns) {
            this.line = line;
            this.columns = columns;
        }

        boolean matches(Difference difference) {
            return columns.get(0).matcher(difference.part()).matches()
                    && columns.get(1).matcher(difference.ours()).matches()
                    && columns.get(2).matcher(difference.theirs()).matches();
        }
    }

    /** Reads a table: part, ours, theirs, reason, each behind one tab; {@code #} begins a comment. */
    public static MeantDifferences read(Path table) throws IOException {
        return of(Files.readAllLines(table), table.toString());
    }

    static MeantDifferences of(List<String> lines, String name) {
        MeantDifferences meant = new MeantDifferences();
        for (String line : lines) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] columns = line.split("\t", -1);
            if (columns.length != COLUMNS || columns[COLUMNS - 1].isBlank()) {
                throw new AssertionError("%s: not part, ours, theirs and reason: %s".formatted(name, line));
            }
            meant.rows.add(new Row(
                    line,
                    Arrays.stream(columns)
                            .limit(COLUMNS - 1)
                            .map(MeantDifferences::pattern)
                            .toList()));
        }
        return meant;
    }

    private static Pattern pattern(String column) {
        return Pattern.compile(
                Arrays.stream(column.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*")));
    }

    /** Those that nobody meant. */
    public List<Difference> unexplained(Collection<Difference> differences) {
        List<Difference> left = new ArrayList<>();
        for (Difference difference : differences) {
            boolean meant = false;
            for (Row row : rows) {
                if (row.matches(difference)) {
                    row.seen = true;
                    meant = true;
                }
            }
            if (!meant) {
                left.add(difference);
            }
        }
        return left;
    }

    /** Rows that stood for nothing so far. */
    public List<String> idle() {
        return rows.stream().filter(row -> !row.seen).map(row -> row.line).toList();
    }
}
