package dev.talosforge.cli.text;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.talosforge.bytes.ByteSize;
import dev.talosforge.engine.Event;
import dev.talosforge.engine.Events;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.LongSupplier;

/**
 * Events for a person. On a terminal, running steps are redrawn in place, at most ten times per second; otherwise each
 * step is one line when it ends. Lines are aligned: unit, step, result, time.
 */
public final class TerminalEvents implements Events {
    /** A line that wraps would count as two when it is removed: no terminal is narrower than this. */
    private static final int LIVE_COLUMNS = 79;

    private static final long REDRAW_NANOS = 100_000_000L;

    private final PrintStream err;
    private final boolean live;
    private final boolean verbose;
    private final LongSupplier nanos;
    private final Map<String, Long> started = new LinkedHashMap<>();
    private final SequencedMap<String, Running> running = new LinkedHashMap<>();
    private long lastDraw;
    private int drawn;

    /**
     * A running step; its text is created only when it is drawn, as there can be thousands of reports per second.
     *
     * @param since when its first bytes were reported
     */
    private record Running(boolean reported, long since, long done, long total) {}

    public TerminalEvents(PrintStream err, boolean live, boolean verbose, LongSupplier nanos) {
        this.err = err;
        this.live = live;
        this.verbose = verbose;
        this.nanos = nanos;
    }

    @Override
    public synchronized void on(Event event) {
        switch (event) {
            case Event.StepStarted(var unit, var step) -> {
                started.put(unit + "\0" + step, nanos.getAsLong());
                running.put(unit + "\0" + step, new Running(false, 0, 0, 0));
                draw(true);
            }
            case Event.StepProgress(var unit, var step, var done, var total) -> {
                Running before = live ? running.get(unit + "\0" + step) : null;
                if (before != null) {
                    long since = before.reported ? before.since : nanos.getAsLong();
                    running.put(unit + "\0" + step, new Running(true, since, done, total));
                    draw(false);
                }
            }
            case Event.StepFinished(var unit, var step, var detail, var reused) -> {
                Long since = started.remove(unit + "\0" + step);
                running.remove(unit + "\0" + step);
                String time = since == null ? "" : seconds(nanos.getAsLong() - since);
                line(unit, step, (detail == null ? "" : detail), reused ? "reused" : time);
            }
            case Event.UnitEnded(var unit, var ending) -> {
                started.keySet().removeIf(key -> key.startsWith(unit + "\0"));
                running.keySet().removeIf(key -> key.startsWith(unit + "\0"));
                draw(true);
            }
            case Event.HookOutput(var unit, var hook, var text) -> {
                clear();
                err.println("%s  %s: %s".formatted(unit, hook, text).stripTrailing());
                draw(true);
            }
            case Event.Noticed(var unit, var level, var message, var remedy) -> {
                if (level != Event.Level.DETAIL || verbose) {
                    clear();
                    String text = RemedyText.withRemedy(message, remedy);
                    String prefix = level == Event.Level.WARNING ? "warning: " : "";
                    err.println(
                            (unit.isEmpty() ? "" : PlainText.line(unit) + "  ") + prefix + PlainText.indented(text));
                    draw(true);
                }
            }
        }
    }

    /** Removes the lines of running steps: must be called before anything else is printed. */
    public synchronized void clear() {
        if (drawn > 0) {
            err.writeBytes(("\u001b[" + drawn + "A\u001b[J").getBytes(US_ASCII));
            drawn = 0;
        }
    }

    private void line(String unit, String step, String detail, String time) {
        clear();
        err.println(row(unit, step, detail, time));
        draw(true);
    }

    private static String row(String unit, String step, String detail, String time) {
        return String.format(
                        Locale.ROOT,
                        "%-12s %-28s %-56s %8s",
                        PlainText.line(unit),
                        PlainText.line(step),
                        PlainText.line(detail),
                        time)
                .stripTrailing();
    }

    private void draw(boolean now) {
        if (!live || (!now && nanos.getAsLong() - lastDraw < REDRAW_NANOS)) {
            return;
        }
        clear();
        lastDraw = nanos.getAsLong();
        running.forEach((key, step) -> {
            int split = key.indexOf('\0');
            String row = row(key.substring(0, split), key.substring(split + 1) + " …", amount(step), "");
            err.println(row.substring(0, Math.min(row.length(), LIVE_COLUMNS)));
            drawn++;
        });
        err.flush();
    }

    private String amount(Running step) {
        if (!step.reported) {
            return "";
        }
        long done = step.done;
        long total = step.total;
        double elapsed = (nanos.getAsLong() - step.since) / 1e9;
        String rate = elapsed < 0.5 ? "" : "  %s/s".formatted(ByteSize.of((long) (done / elapsed)));
        String left = elapsed < 1 || total == 0 || done == 0
                ? ""
                : "  %d s left".formatted((long) ((total - done) * elapsed / done));
        return (total == 0 ? ByteSize.of(done) : ByteSize.of(done) + " of " + ByteSize.of(total)) + rate + left;
    }

    private static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
    }
}
