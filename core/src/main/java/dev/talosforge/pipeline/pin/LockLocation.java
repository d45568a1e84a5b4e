package dev.talosforge.pipeline.pin;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the lock is and what it is for.
 *
 * @param file to use instead of the tree's own; null for the tree's own
 * @param required whether an image of the tree that is missing in the lock is a problem
 */
public record LockLocation(@Nullable Path file, boolean required) {
    /** Its name beside the tree's common folder. */
    public static final String NAME = "talos.lock.json";

    private static final String COMMON = "common";

    /** The tree's own lock, if there is one. */
    public static LockLocation usual() {
        return new LockLocation(null, false);
    }

    /**
     * The folder of the tree that a unit belongs to: the nearest one above it with a {@code common/}, otherwise the
     * root of the repository, otherwise the folder where the run started.
     */
    public static Path rootOf(Path unit, Path began) {
        Path folder = unit.toAbsolutePath().normalize();
        for (Path at = folder; at != null; at = at.getParent()) {
            boolean above = !at.equals(folder);
            if ((above && Files.isDirectory(at.resolve(COMMON))) || Files.exists(at.resolve(".git"))) {
                return at;
            }
        }
        return began.toAbsolutePath().normalize();
    }

    /** The lock of the tree with that root. */
    public Path in(Path root) {
        return file == null ? root.resolve(NAME) : file.toAbsolutePath().normalize();
    }
}
