package dev.talosforge.pipeline.doctor;

import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Remedy;
import dev.talosforge.problem.Wording;
import org.jspecify.annotations.Nullable;

/**
 * One thing that was checked.
 *
 * @param subject what, in a few words
 * @param message what was found, or, for an explained problem, what cannot be done
 * @param why the reason; null if {@code message} contains it
 * @param kind who has to act if something is wrong; null if nothing is
 * @param remedy what to do; null if there is nothing to do, or nothing useful is known
 * @param only the only thing that needs it; null if there is no single one
 */
public record Diagnosis(
        String subject,
        Verdict verdict,
        String message,
        @Nullable String why,
        Problem.@Nullable Kind kind,
        @Nullable Remedy remedy,
        @Nullable Remedy only) {
    /** How it is. */
    public enum Verdict {
        OK,
        /** Works, or is not needed for everything. */
        NOTE,
        WRONG;

        /** For people and programs. */
        public String word() {
            return switch (this) {
                case OK -> "ok";
                case NOTE -> "warning";
                case WRONG -> "failed";
            };
        }
    }

    static Diagnosis ok(String subject, String message) {
        return new Diagnosis(subject, Verdict.OK, message, null, null, null, null);
    }

    static Diagnosis note(String subject, String message, @Nullable String remedy) {
        return noted(subject, message, Remedy.of(remedy));
    }

    /** Like {@link #note}, with a remedy that is more than words. */
    static Diagnosis noted(String subject, String message, @Nullable Remedy remedy) {
        return new Diagnosis(subject, Verdict.NOTE, message, null, null, remedy, null);
    }

    static Diagnosis wrong(String subject, Problem.Kind kind, String message, @Nullable String remedy) {
        return new Diagnosis(subject, Verdict.WRONG, message, null, kind, Remedy.of(remedy), null);
    }

    static Diagnosis wrong(String subject, Problem problem) {
        return new Diagnosis(
                subject, Verdict.WRONG, problem.what(), problem.why(), problem.kind(), problem.remedy(), null);
    }

    /** The same with another subject. */
    Diagnosis about(String other) {
        return new Diagnosis(other, verdict, message, why, kind, remedy, only);
    }

    /** The same with another remedy. */
    Diagnosis with(@Nullable Remedy otherRemedy) {
        return new Diagnosis(subject, verdict, message, why, kind, otherRemedy, only);
    }

    /** The same, needed for one thing only. */
    Diagnosis onlyFor(Remedy thing) {
        return new Diagnosis(subject, verdict, message, why, kind, remedy, thing);
    }

    /** The whole finding in one text. */
    public String text(Wording wording) {
        String found = why == null ? message : message + ": " + why;
        return only == null ? found : "%s; only %s needs it".formatted(found, wording.of(only));
    }

    /** For scripts. */
    public JsonObject toJson(Wording wording) {
        return Json.object()
                .put("subject", subject)
                .put("status", verdict.word())
                .put("message", message)
                .putIfPresent("reason", why)
                .putIfPresent("remedy", remedy == null ? null : wording.of(remedy))
                .build();
    }
}
