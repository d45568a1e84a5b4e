package dev.talosforge.config;

/** What stands in for outputs of a dependency that was never applied. */
public enum MockPolicy {
    /** Nothing: a missing output is a problem. For everything that acts. */
    REAL_ONLY,
    /** The dependency's {@code mock_outputs}; a problem where it has none for this command. For looking and planning. */
    MOCKS_ALLOWED,
    /** Mocks, and where there are none a value that is not known. For graphs, which show what is missing. */
    UNKNOWN_ALLOWED
}
