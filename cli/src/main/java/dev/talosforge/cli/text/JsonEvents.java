package dev.talosforge.cli.text;

import dev.talosforge.engine.Event;
import dev.talosforge.engine.Events;
import dev.talosforge.json.Json;
import java.io.PrintStream;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** Events for scripts: one JSON object per line, on standard error. docs/cli.md documents the member names. */
public final class JsonEvents implements Events {
    /** The minimum time between two reports of one step: there can be thousands per second. */
    private static final long PAUSE_NANOS = 1_000_000_000L;

    private final PrintStream err;
    private final LongSupplier nanos;
    private final Map<String, Long> reported = new ConcurrentHashMap<>();

    public JsonEvents(PrintStream err, LongSupplier nanos) {
        this.err = err;
        this.nanos = nanos;
    }

    /** Whether to print a report: the first and the last of a step, and one per second in between. */
    private boolean isReported(Event.StepProgress progress) {
        long now = nanos.getAsLong();
        String step = progress.unit() + "\0" + progress.step();
        Long before = reported.get(step);
        if (before != null && progress.done() < progress.total() && now - before < PAUSE_NANOS) {
            return false;
        }
        reported.put(step, now);
        return true;
    }

    @Override
    public void on(Event event) {
        if (event instanceof Event.StepProgress progress && !isReported(progress)) {
            return;
        }
        Json.Builder line = switch (event) {
            case Event.StepStarted(var unit, var step) ->
                begin("step_started", unit).put("step", step);
            case Event.StepProgress(var unit, var step, var done, var total) ->
                begin("step_progress", unit).put("step", step).put("done", done).put("total", total);
            case Event.StepFinished(var unit, var step, var detail, var reused) ->
                begin("step_finished", unit)
                        .put("step", step)
                        .putIfPresent("detail", detail)
                        .put("reused", reused);
            case Event.UnitEnded(var unit, var ending) ->
                begin("unit_ended", unit).put("result", ending);
            case Event.HookOutput(var unit, var hook, var text) ->
                begin("hook_output", unit).put("hook", hook).put("text", text);
            case Event.Noticed(var unit, var level, var text, var remedy) ->
                begin("notice", unit).put("level", level(level)).put("message", RemedyText.withRemedy(text, remedy));
        };
        synchronized (this) {
            err.println(line.build().compact());
        }
    }

    private static String level(Event.Level level) {
        return switch (level) {
            case DETAIL -> "debug";
            case INFO -> "info";
            case WARNING -> "warning";
        };
    }

    private static Json.Builder begin(String type, String unit) {
        return Json.object().put("type", type).put("unit", unit);
    }
}
