package dev.talosforge.config.hcl.functions;

import java.util.ArrayList;
import java.util.List;

/**
 * Rows of comma-separated values, RFC 4180. Empty lines are skipped; quotes enclose a whole field, and are doubled
 * within one.
 */
final class CsvText {
    private final String text;
    private int at;

    private CsvText(String text) {
        this.text = text;
    }

    /** Throws an {@link IllegalArgumentException} with a text for the user if it is not such a table. */
    static List<List<String>> rows(String text) {
        CsvText csv = new CsvText(text.replace("\r\n", "\n"));
        List<List<String>> rows = new ArrayList<>();
        while (csv.skipEmptyLines()) {
            rows.add(csv.row(rows.size() + 1));
        }
        return rows;
    }

    private boolean skipEmptyLines() {
        while (at < text.length() && (text.charAt(at) == '\n' || isLastReturn())) {
            at++;
        }
        return at < text.length();
    }

    private boolean isLastReturn() {
        return at == text.length() - 1 && text.charAt(at) == '\r';
    }

    private boolean atRowEnd() {
        return at == text.length() || text.charAt(at) == '\n' || isLastReturn();
    }

    private List<String> row(int number) {
        List<String> row = new ArrayList<>();
        while (true) {
            boolean quoted = at < text.length() && text.charAt(at) == '"';
            row.add(quoted ? quoted(number) : plain(number));
            if (atRowEnd()) {
                at = Math.min(text.length(), at + 1);
                return row;
            }
            if (text.charAt(at) != ',') {
                throw new IllegalArgumentException("in row %d something follows a quoted field".formatted(number));
            }
            at++;
        }
    }

    private String plain(int number) {
        int start = at;
        while (!atRowEnd() && text.charAt(at) != ',') {
            if (text.charAt(at) == '"') {
                throw new IllegalArgumentException("in row %d a quote is inside a field".formatted(number));
            }
            at++;
        }
        return text.substring(start, at);
    }

    private String quoted(int number) {
        StringBuilder field = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c != '"') {
                field.append(c);
            } else if (text.startsWith("\"\"", at)) {
                field.append(c);
                at++;
            } else {
                at++;
                return field.toString();
            }
        }
        throw new IllegalArgumentException("in row %d a quoted field is not closed".formatted(number));
    }
}
