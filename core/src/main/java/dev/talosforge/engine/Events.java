package dev.talosforge.engine;

import dev.talosforge.problem.Remedy;
import org.jspecify.annotations.Nullable;

/** Receives events. Called from several threads at once; must not block for long and must not throw. */
@FunctionalInterface
public interface Events {
    void on(Event event);

    /** Ignores all events. */
    static Events none() {
        return event -> {};
    }

    default void started(String unit, String step) {
        on(new Event.StepStarted(unit, step));
    }

    default void progress(String unit, String step, long done, long total) {
        on(new Event.StepProgress(unit, step, done, total));
    }

    default void finished(String unit, String step, @Nullable String detail, boolean reused) {
        on(new Event.StepFinished(unit, step, detail, reused));
    }

    default void ended(String unit, String ending) {
        on(new Event.UnitEnded(unit, ending));
    }

    default void detail(String unit, String text) {
        on(new Event.Noticed(unit, Event.Level.DETAIL, text));
    }

    default void info(String unit, String text) {
        on(new Event.Noticed(unit, Event.Level.INFO, text));
    }

    default void warning(String unit, String text) {
        warning(unit, text, null);
    }

    default void info(String unit, String text, @Nullable Remedy remedy) {
        on(new Event.Noticed(unit, Event.Level.INFO, text, remedy));
    }

    default void warning(String unit, String text, @Nullable Remedy remedy) {
        on(new Event.Noticed(unit, Event.Level.WARNING, text, remedy));
    }
}
