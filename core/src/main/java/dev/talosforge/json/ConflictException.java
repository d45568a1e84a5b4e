package dev.talosforge.json;

import dev.talosforge.bytes.FormatException;

/** A text that is not JSON because git left the conflict of a merge in it. */
public final class ConflictException extends FormatException {
    ConflictException(String structure, long offset, int line) {
        super(structure, offset, "has an unresolved git conflict from line %d on".formatted(line));
    }
}
