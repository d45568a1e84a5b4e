package dev.talosforge.registry;

/** What to do with a tag that already names something else. */
public enum TagPolicy {
    /** Refuse before anything is sent. */
    KEEP,
    /** Move it once everything is there. */
    MOVE
}
