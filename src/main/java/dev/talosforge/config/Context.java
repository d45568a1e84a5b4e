package dev.talosforge.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Which file is evaluated, and on whose behalf.
 *
 * @param file the file itself
 * @param directory what the paths of Terragrunt's own functions start from: the unit's folder, for an included file, too
 * @param original the folder of the unit that everything began with
 * @param includedFrom the unit's file, when this one is included by it
 */
record Context(
        Path file, Path directory, Path original, @Nullable Path includedFrom) {
    static Context ofUnit(Path file) {
        return new Context(file, parent(file), parent(file), null);
    }

    /** For a file that is read by a function: it stands on its own. */
    Context reading(Path other) {
        return new Context(other, parent(other), original, null);
    }

    Context including(Path other) {
        return new Context(other, directory, original, file);
    }

    Path fileDirectory() {
        return parent(file);
    }

    static Path parent(Path file) {
        Path parent = file.getParent();
        if (parent == null) {
            throw new IllegalArgumentException("a file without a folder: " + file);
        }
        return parent;
    }
}
