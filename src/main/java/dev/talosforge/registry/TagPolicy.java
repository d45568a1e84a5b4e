package dev.talosforge.registry;

/** What happens to a tag that names something else already. */
public enum TagPolicy {
    /** Refused before anything is sent. */
    KEEP,
    /** Moved, once everything is there. */
    MOVE
}
