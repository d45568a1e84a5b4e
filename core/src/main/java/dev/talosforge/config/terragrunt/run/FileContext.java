package dev.talosforge.config.terragrunt.run;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Which file is evaluated, and for which unit.
 *
 * @param file the file itself
 * @param directory what the paths of Terragrunt's own functions start from: the unit's folder, also for an included
 *     file
 * @param original the folder of the unit that the run started with
 * @param includedFrom the unit's file, if it includes this one
 */
public record FileContext(
        Path file, Path directory, Path original, @Nullable Path includedFrom) {
    public static FileContext ofUnit(Path file) {
        return new FileContext(file, parent(file), parent(file), null);
    }

    /** For a file that a function reads: it is evaluated by itself. */
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
