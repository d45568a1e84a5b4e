package dev.talosforge.cli.text;

import dev.talosforge.pipeline.run.RunReport;
import dev.talosforge.pipeline.run.Timing;
import dev.talosforge.pipeline.run.UnitResult;
import dev.talosforge.pipeline.run.UnitResult.Ending;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How a run ended, for people: one line per unit, and how many ended in which way. */
public final class SummaryText {
    /** As wide as {@code 59 m 59 s}. */
    private static final int TIME_WIDTH = 9;

    private SummaryText() {}

    public static String render(RunReport report) {
        int unitWidth = "unit".length();
        int resultWidth = "result".length();
        for (UnitResult result : report.results()) {
            unitWidth = Math.max(unitWidth, result.unit().length());
            resultWidth = Math.max(resultWidth, word(result.ending()).length());
        }
        StringBuilder out = new StringBuilder();
        row(out, List.of("unit", "result", "time", "why"), unitWidth, resultWidth);
        for (UnitResult result : report.results()) {
            List<String> columns = List.of(result.unit(), word(result.ending()), time(result.timing()), why(result));
            row(out, columns, unitWidth, resultWidth);
        }
        List<String> counts = new ArrayList<>();
        report.counts().forEach((ending, count) -> counts.add(count + " " + word(ending)));
        return out.append(String.join(", ", counts)).append('\n').toString();
    }

    private static void row(StringBuilder out, List<String> columns, int unitWidth, int resultWidth) {
        String row =
                PlainText.line(padded(columns.get(0), unitWidth) + "  " + padded(columns.get(1), resultWidth) + "  "
                        + " ".repeat(Math.max(0, TIME_WIDTH - columns.get(2).length())) + columns.get(2) + "  "
                        + columns.get(3));
        out.append(row.stripTrailing()).append('\n');
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    private static String word(Ending ending) {
        return ending.word().replace('_', ' ');
    }

    private static String time(@Nullable Timing timing) {
        if (timing == null) {
            return "";
        }
        Duration taken = timing.taken();
        return taken.toMinutes() > 0
                ? "%d m %02d s".formatted(taken.toMinutes(), taken.toSecondsPart())
                : String.format(Locale.ROOT, "%.1f s", taken.toMillis() / 1000.0);
    }

    /** One line: the complete problem is printed above. */
    private static String why(UnitResult result) {
        if (result.bug() != null) {
            return "a bug in talos-forge";
        }
        if (result.problems().isEmpty()) {
            return result.because() == null ? "" : result.because();
        }
        String first = result.problems().getFirst().what();
        int more = result.problems().size() - 1;
        return more == 0 ? first : "%s (and %d more)".formatted(first, more);
    }
}
