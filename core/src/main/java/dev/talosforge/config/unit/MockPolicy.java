package dev.talosforge.config.unit;

/** What stands in for outputs of a dependency that was never applied. */
public enum MockPolicy {
    /** Nothing: a missing output is a problem. For everything that acts. */
    REAL_ONLY,
    /**
     * The dependency's {@code mock_outputs}; where it has none for this command, a value that is not known. What mocks
     * leave out is a problem, because somebody has to mend it. For looking and planning.
     */
    MOCKS_ALLOWED,
    /** Mocks for any command, and else a value that is not known, also where mocks leave something out. For graphs. */
    UNKNOWN_ALLOWED,
    /** What is recorded; in place of mocks and of what is missing, a value that is not known. For what a plan foresees. */
    RECORDED_ONLY,
    /** Nothing: what comes from another unit is never known, recorded or not. For what a unit says itself. */
    NOTHING_KNOWN
}
