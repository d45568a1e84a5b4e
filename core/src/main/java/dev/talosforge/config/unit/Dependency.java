package dev.talosforge.config.unit;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Another unit that has to be applied first.
 *
 * @param name the block's label; the folder's name for one that is listed in {@code dependencies}
 * @param directory the other unit's folder, absolute
 * @param used names of the outputs that the unit's expressions read
 */
public record Dependency(String name, Path directory, Outputs outputs, SortedSet<String> used) {
    public Dependency {
        used = Collections.unmodifiableSortedSet(new TreeSet<>(used));
    }

    /** A dependency none of whose outputs was read. */
    public Dependency(String name, Path directory, Outputs outputs) {
        this(name, directory, outputs, new TreeSet<>());
    }

    public Dependency using(Collection<String> names) {
        return new Dependency(name, directory, outputs, new TreeSet<>(names));
    }

    /** The origin of the outputs that this unit sees. */
    public enum Outputs {
        /** From the last apply. */
        RECORDED,
        /** At least one is a mock. */
        MOCKED,
        /** There are none; values that use them are not known. */
        MISSING,
        /** None are needed. */
        UNUSED
    }
}
