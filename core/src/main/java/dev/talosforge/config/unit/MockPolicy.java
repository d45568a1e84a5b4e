package dev.talosforge.config.unit;

/** What replaces the outputs of a dependency that was never applied. */
public enum MockPolicy {
    /** Nothing: a missing output is a problem. For all commands that act. */
    REAL_ONLY,
    /**
     * The dependency's {@code mock_outputs}; if it has none for this command, a value that is not known. An output that
     * the mocks lack is a problem, because the user has to correct it. For showing and planning.
     */
    MOCKS_ALLOWED,
    /** Mocks for any command, and otherwise a value that is not known, even if mocks lack something. For graphs. */
    UNKNOWN_ALLOWED,
    /** Recorded outputs; a value that is not known replaces mocks and missing outputs. For what a plan predicts. */
    RECORDED_ONLY,
    /** Nothing: values from another unit are never known, recorded or not. For what a unit sets itself. */
    NOTHING_KNOWN
}
