package dev.talosforge.engine;

import java.nio.file.Path;
import java.time.Instant;

/**
 * An item in a store.
 *
 * @param size of its contents, in bytes
 * @param lastUsed to the day; for items without a recorded use, the last change
 */
public record StoreItem(Kind kind, Path path, long size, Instant lastUsed) {
    /** The kind of item, and whether it may be removed while still useful. */
    public enum Kind {
        BLOB(true),
        RESULT(true),
        /** A folder of files made by a step. */
        FOLDER(true),
        LOG(true),
        /** A partial blob, for whoever continues it. */
        PARTIAL(true),
        /** The digest of a step's result: reveals a step that gives another result for the same inputs. */
        DIGEST(false),
        /** A folder of another package. */
        GUEST(false),
        /** A file that a process is writing, or was writing when it ended. */
        TEMPORARY(false);

        private final boolean replaceable;

        Kind(boolean replaceable) {
            this.replaceable = replaceable;
        }

        /** Whether it is made or pulled again if missing. */
        boolean isReplaceable() {
            return replaceable;
        }
    }

    public String name() {
        return String.valueOf(path.getFileName());
    }
}
