package dev.talosforge.engine;

import dev.talosforge.problem.Remedy;
import org.jspecify.annotations.Nullable;

/** What happens during a run, as data: a terminal, a log or a service shows it in its own way. */
public sealed interface Event {
    /** The unit or command it belongs to; empty where there is none. */
    String unit();

    /** A piece of work that a person would wait for has begun. */
    record StepStarted(String unit, String step) implements Event {}

    /**
     * It is under way.
     *
     * @param done in bytes
     * @param total in bytes; zero where nobody knows
     */
    record StepProgress(String unit, String step, long done, long total) implements Event {}

    /**
     * It has ended well.
     *
     * @param detail what came out, in a few words; null where there is nothing to say
     * @param reused whether an earlier result with the same identity was taken
     */
    record StepFinished(String unit, String step, @Nullable String detail, boolean reused) implements Event {}

    /**
     * A unit has ended, well or not: whatever of it was under way is over.
     *
     * @param ending in a word: "applied", "failed"
     */
    record UnitEnded(String unit, String ending) implements Event {}

    /** A line that a program said which the unit wants to be run. */
    record HookSaid(String unit, String hook, String line) implements Event {}

    /**
     * Something a person should know, though the run goes on.
     *
     * @param remedy what can be done about it; null where nothing is said of that
     */
    record Noticed(
            String unit, Level level, String text, @Nullable Remedy remedy) implements Event {
        public Noticed(String unit, Level level, String text) {
            this(unit, level, text, null);
        }
    }

    /** How loudly to say it. */
    enum Level {
        /** Shown only when asked for more. */
        DETAIL,
        INFO,
        WARNING
    }
}
