package dev.talosforge.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.function.ThrowingConsumer;

/**
 * A file of test cases, one a line: what is given, a tab, what is expected. Every row is a test of its own with the
 * name of what is given. Nothing is escaped, so that texts stand as their users write them; ⏎ stands for a line feed
 * and ␍ for a carriage return. Lines that begin with # say something to the reader.
 */
public record TextTable(List<Row> rows) {
    public record Row(String given, String expected) {}

    /** What is asserted of a row. */
    public interface Check {
        void of(String given, String expected) throws Throwable;
    }

    /** Two rows for the same thing are a mistake, and so is a table without rows. */
    public static TextTable of(String resource) {
        List<Row> rows = text(resource)
                .lines()
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .map(line -> row(resource, line))
                .toList();
        SequencedSet<String> given = new LinkedHashSet<>();
        for (Row row : rows) {
            if (!given.add(row.given)) {
                throw new AssertionError("%s: twice: %s".formatted(resource, row.given));
            }
        }
        if (rows.isEmpty()) {
            throw new AssertionError(resource + ": no rows");
        }
        return new TextTable(rows);
    }

    private static Row row(String resource, String line) {
        String[] columns = line.split("\t", -1);
        if (columns.length != 2) {
            throw new AssertionError("%s: not two columns: %s".formatted(resource, line));
        }
        return new Row(withLineEnds(columns[0]), withLineEnds(columns[1]));
    }

    private static String withLineEnds(String column) {
        return column.replace('⏎', '\n').replace('␍', '\r');
    }

    private static String text(String resource) {
        try (InputStream in = TextTable.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new AssertionError("no " + resource);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Stream<DynamicTest> tests(Check check) {
        return DynamicTest.stream(
                rows.stream(), Row::given, (ThrowingConsumer<Row>) row -> check.of(row.given, row.expected));
    }
}
