package dev.talosforge.lab.pve;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** Tables of what the real server said: one line each, with tab-separated cells, below a line of column names. */
final class RecordedTable {
    private RecordedTable() {}

    /** A file of this package's resources. */
    static String read(String file) {
        try (InputStream in = RecordedTable.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("not in the program: " + file);
            }
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The cells of every row by its name, which is the first of them. */
    static SequencedMap<String, List<String>> rows(String table, List<String> columns) {
        List<String> lines = table.lines().toList();
        if (lines.isEmpty() || !List.of(lines.getFirst().split("\t", -1)).equals(columns)) {
            throw new IllegalArgumentException("the columns are not " + columns);
        }
        SequencedMap<String, List<String>> rows = new LinkedHashMap<>();
        for (String line : lines.subList(1, lines.size())) {
            List<String> cells = List.of(line.split("\t", -1));
            if (cells.size() != columns.size()) {
                throw new IllegalArgumentException(
                        "%d cells, not %d: %s".formatted(cells.size(), columns.size(), line));
            }
            if (rows.put(cells.getFirst(), cells) != null) {
                throw new IllegalArgumentException("recorded twice: " + cells.getFirst());
            }
        }
        return rows;
    }
}
