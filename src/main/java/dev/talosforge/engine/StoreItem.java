package dev.talosforge.engine;

import java.nio.file.Path;
import java.time.Instant;

/**
 * One thing in a store.
 *
 * @param size of its contents, in bytes
 * @param lastUsed to the day; of what is not found by others, the last change
 */
public record StoreItem(Kind kind, Path path, long size, Instant lastUsed) {
    /** What it is, and whether it may go before it is of no use. */
    public enum Kind {
        BLOB(true),
        RESULT(true),
        /** A folder of files that a step made. */
        FOLDER(true),
        LOG(true),
        /** What has come of a blob, for whoever goes on with it. */
        PARTIAL(true),
        /** The digest of what a step made: tells a step that makes something else of the same. */
        DIGEST(false),
        /** A folder of somebody else. */
        GUEST(false),
        /** What a process is writing, or was when it ended. */
        TEMPORARY(false);

        private final boolean replaceable;

        Kind(boolean replaceable) {
            this.replaceable = replaceable;
        }

        /** Whether it is made or pulled again when it is missed. */
        boolean isReplaceable() {
            return replaceable;
        }
    }

    public String name() {
        return String.valueOf(path.getFileName());
    }
}
