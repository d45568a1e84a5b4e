package dev.talosforge.lab.pve;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;

/**
 * A refusal of the real server, the end of a task or a log line.
 *
 * @param status 0 if it is not an answer of its own
 * @param oldStatus of servers before PVE 8.4, if different; else the same
 * @param text with placeholders of {@link String#format}
 */
record RecordedAnswer(As as, int status, int oldStatus, String text, RecordedOrigin origin) {
    private static final String FILE = "answers.tsv";
    private static final List<String> COLUMNS =
            List.of("name", "as", "status", "old", "text", "version", "known", "case");

    /** Where the text is. */
    enum As {
        /** In the status line, and in the body of servers since 8.4. */
        HANDLER,
        /** In the status line, and the body is empty. */
        LINE,
        /** In the status line, and since 8.4 as a plain text. */
        LAYER,
        /** In a page of a proxy. */
        PAGE,
        /** In a member of {@code errors}, named after the parameter. */
        PARAMETER,
        /** In {@code exitstatus} of a task. */
        TASK,
        /** In a line of a task's log. */
        LOG
    }

    /** All that the program contains, by name. */
    static SequencedMap<String, RecordedAnswer> all() {
        return parse(RecordedTable.read(FILE));
    }

    static SequencedMap<String, RecordedAnswer> parse(String table) {
        SequencedMap<String, RecordedAnswer> answers = new LinkedHashMap<>();
        RecordedTable.rows(table, COLUMNS).forEach((name, cells) -> {
            int status = cells.get(2).isEmpty() ? 0 : Integer.parseInt(cells.get(2));
            answers.put(
                    name,
                    new RecordedAnswer(
                            As.valueOf(cells.get(1).toUpperCase(Locale.ROOT)),
                            status,
                            cells.get(3).isEmpty() ? status : Integer.parseInt(cells.get(3)),
                            cells.get(4).replace("\\n", "\n"),
                            RecordedOrigin.of(cells.get(5), cells.get(6), cells.get(7))));
        });
        return answers;
    }
}
