package dev.talosforge.pipeline.request;

import dev.talosforge.bytes.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * What is at one place that a stage delivers to.
 *
 * @param word for programs: it stays as it is
 * @param objection for people, if it is not what was delivered; null if it is, or if that cannot be known now
 */
record TargetState(String word, @Nullable String objection) {
    static final TargetState PRESENT = new TargetState("present", null);

    /** Nobody knows what the nodes that do not answer have. */
    static final TargetState OFFLINE = new TargetState("offline", null);

    static TargetState missing(String what) {
        return new TargetState("missing", what + " is missing");
    }

    /** Something that cannot be read, or of which parts are gone. */
    static TargetState damaged(String what) {
        return new TargetState("damaged", what + " is damaged");
    }

    /** A folder in place of a file. */
    static TargetState folder(String what) {
        return new TargetState("other folder", what + " is a folder now");
    }

    /**
     * Another file, whose content is not known.
     *
     * @param now what it is
     */
    static TargetState file(String what, String now) {
        return new TargetState("other file", what + " is " + now);
    }

    /**
     * Content that is known.
     *
     * @param has "names" or "contains"
     * @param now null for nothing
     * @param wanted null if anything will do
     */
    static TargetState of(String what, String has, @Nullable Sha256 now, @Nullable Sha256 wanted) {
        if (now == null) {
            return missing(what);
        }
        return wanted == null || now.equals(wanted)
                ? PRESENT
                : new TargetState(
                        "other " + now,
                        "%s %s %s now, not %s".formatted(what, has, now.shortText(), wanted.shortText()));
    }
}
