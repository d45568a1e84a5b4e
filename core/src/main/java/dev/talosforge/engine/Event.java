package dev.talosforge.engine;

import dev.talosforge.problem.Remedy;
import org.jspecify.annotations.Nullable;

/** What happens during a run, as data: a terminal, a log or a service each shows it in its own way. */
public sealed interface Event {
    /** The unit or command it belongs to; empty if there is none. */
    String unit();

    /** A piece of work that a person would wait for has started. */
    record StepStarted(String unit, String step) implements Event {}

    /**
     * It is in progress.
     *
     * @param done in bytes
     * @param total in bytes; zero if unknown
     */
    record StepProgress(String unit, String step, long done, long total) implements Event {}

    /**
     * It has finished successfully.
     *
     * @param detail the result in a few words; null if there is nothing to say
     * @param reused whether an earlier result with the same identity was reused
     */
    record StepFinished(String unit, String step, @Nullable String detail, boolean reused) implements Event {}

    /**
     * A unit has ended, successfully or not; all its work is over.
     *
     * @param ending in one word: "applied", "failed"
     */
    record UnitEnded(String unit, String ending) implements Event {}

    /** A line of output of a program that the unit runs. */
    record HookOutput(String unit, String hook, String line) implements Event {}

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

    /** How prominent it is. */
    enum Level {
        /** Shown only in verbose output. */
        DETAIL,
        INFO,
        WARNING
    }
}
