package dev.talosforge.pipeline.request;

/** What can be asked of a stage. */
public enum StageAction {
    /** What it would be made of; changes nothing. */
    PLAN,
    /** Builds and delivers it. */
    APPLY,
    /** What the last apply answered; changes nothing. */
    OUTPUT,
    /** Whether what it delivered is still there; changes nothing. */
    PRESENT
}
