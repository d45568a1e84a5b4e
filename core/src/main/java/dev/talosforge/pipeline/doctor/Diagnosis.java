package dev.talosforge.pipeline.doctor;

import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Remedy;
import dev.talosforge.problem.Wording;
import org.jspecify.annotations.Nullable;

/**
 * One thing that was looked at.
 *
 * @param subject what, in a few words
 * @param said what was found; of what is wrong for somebody else's reason, what cannot be done
 * @param why that reason; null where it is said already
 * @param kind who has to act when it is wrong; null where nothing is
 * @param remedy what to do; null where there is nothing, or nothing honest to be said
 * @param only what alone needs it; null where that is not one thing
 */
public record Diagnosis(
        String subject,
        Verdict verdict,
        String said,
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

    static Diagnosis ok(String subject, String said) {
        return new Diagnosis(subject, Verdict.OK, said, null, null, null, null);
    }

    static Diagnosis note(String subject, String said, @Nullable String remedy) {
        return noted(subject, said, Remedy.of(remedy));
    }

    /** As {@link #note}, with something to do that is more than words. */
    static Diagnosis noted(String subject, String said, @Nullable Remedy remedy) {
        return new Diagnosis(subject, Verdict.NOTE, said, null, null, remedy, null);
    }

    static Diagnosis wrong(String subject, Problem.Kind kind, String said, @Nullable String remedy) {
        return new Diagnosis(subject, Verdict.WRONG, said, null, kind, Remedy.of(remedy), null);
    }

    static Diagnosis wrong(String subject, Problem problem) {
        return new Diagnosis(
                subject, Verdict.WRONG, problem.what(), problem.why(), problem.kind(), problem.remedy(), null);
    }

    /** The same about something else. */
    Diagnosis about(String other) {
        return new Diagnosis(other, verdict, said, why, kind, remedy, only);
    }

    /** The same with something else to do. */
    Diagnosis with(@Nullable Remedy otherRemedy) {
        return new Diagnosis(subject, verdict, said, why, kind, otherRemedy, only);
    }

    /** The same, needed for one thing only. */
    Diagnosis onlyFor(Remedy thing) {
        return new Diagnosis(subject, verdict, said, why, kind, remedy, thing);
    }

    /** All that was found. */
    public String text(Wording wording) {
        String found = why == null ? said : said + ": " + why;
        return only == null ? found : "%s; only %s needs it".formatted(found, wording.of(only));
    }

    /** For scripts. */
    public JsonObject toJson(Wording wording) {
        return Json.object()
                .put("subject", subject)
                .put("status", verdict.word())
                .put("message", said)
                .putIfPresent("reason", why)
                .putIfPresent("remedy", remedy == null ? null : wording.of(remedy))
                .build();
    }
}
