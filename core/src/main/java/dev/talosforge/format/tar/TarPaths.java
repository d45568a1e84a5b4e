package dev.talosforge.format.tar;

import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.NameBytes;
import dev.talosforge.tree.FileTree;
import java.util.ArrayList;
import java.util.List;

/** Converts names in archives to paths of a tree. */
final class TarPaths {
    private static final String STRUCTURE = "tar archive";
    private static final int MAX_STEP = 255;
    private static final int MAX_PATH = 4095;

    private TarPaths() {}

    /**
     * The path without {@code .} and empty segments; a name that leaves the root or is too long for a file system is
     * refused.
     */
    static String member(String name, long at) throws FormatException {
        check(name, at);
        List<String> steps = new ArrayList<>();
        for (String step : name.split("/", -1)) {
            if (step.equals("..")) {
                throw new FormatException(STRUCTURE, at, "the name leaves the root: " + name);
            }
            if (NameBytes.of(step).length > MAX_STEP) {
                throw new FormatException(STRUCTURE, at, "a file name of more than %d bytes".formatted(MAX_STEP));
            }
            if (!step.isEmpty() && !step.equals(".")) {
                steps.add(step);
            }
        }
        if (steps.size() > FileTree.MAX_DEPTH) {
            throw new FormatException(STRUCTURE, at, "deeper than %d directories".formatted(FileTree.MAX_DEPTH));
        }
        return steps.isEmpty() ? "." : String.join("/", steps);
    }

    /** A symbolic link's target may be anything that a file system allows. */
    static String symlink(String target, long at) throws FormatException {
        check(target, at);
        return target;
    }

    private static void check(String name, long at) throws FormatException {
        int size = NameBytes.of(name).length;
        if (size == 0 || size > MAX_PATH || name.indexOf('\0') >= 0) {
            throw new FormatException(
                    STRUCTURE, at, "a name of %d bytes, which must be 1 to %d without a NUL".formatted(size, MAX_PATH));
        }
    }
}
