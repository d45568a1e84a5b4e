package dev.talosforge.inspect;

import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import java.util.List;
import java.util.Locale;

/**
 * A statement to be proven, and the result.
 *
 * @param what a statement: "the same kernel in installer and ISO"
 * @param how the evidence for or against it
 */
public record Proof(Outcome outcome, String what, String how) {
    public enum Outcome {
        OK,
        FAILED,
        /** There is nothing to compare with, which is allowed. */
        SKIPPED;

        /** The word for people and programs. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public JsonObject toJson() {
        return Json.object()
                .put("status", outcome.word())
                .put("claim", what)
                .put("evidence", how)
                .build();
    }

    /** All proofs as one object. */
    public static JsonObject toJson(List<Proof> proofs) {
        return Json.object()
                .put("format", ReportJson.FORMAT)
                .put("proven", allHold(proofs))
                .put("proofs", Json.array(proofs, Proof::toJson))
                .build();
    }

    /** Whether no proof failed. */
    public static boolean allHold(List<Proof> proofs) {
        return proofs.stream().noneMatch(proof -> proof.outcome() == Outcome.FAILED);
    }
}
