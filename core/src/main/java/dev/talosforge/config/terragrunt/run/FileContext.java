package dev.talosforge.config.terragrunt.run;

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
public record FileContext(
        Path file, Path directory, Path original, @Nullable Path includedFrom) {
    public static FileContext ofUnit(Path file) {
        return new FileContext(file, parent(file), parent(file), null);
    }

    /** For a file that is read by a function: it stands on its own. */
    public FileContext reading(Path other) {
        return new FileContext(other, parent(other), original, null);
    }

    public FileContext including(Path other) {
        return new FileContext(other, directory, original, file);
    }

    public Path fileDirectory() {
        return parent(file);
    }

    public static Path parent(Path file) {
        Path parent = file.getParent();
        if (parent == null) {
            throw new IllegalArgumentException("a file without a folder: " + file);
        }
        return parent;
    }
}
