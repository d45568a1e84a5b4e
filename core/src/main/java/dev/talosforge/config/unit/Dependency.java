package dev.talosforge.config.unit;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Another unit that has to be applied before.
 *
 * @param name the block's label; the folder's name for one that stands in {@code dependencies}
 * @param directory the other unit's folder, absolute
 * @param used names of the outputs that the unit's expressions ask for
 */
public record Dependency(String name, Path directory, Outputs outputs, SortedSet<String> used) {
    public Dependency {
        used = Collections.unmodifiableSortedSet(new TreeSet<>(used));
    }

    /** One of which no output was asked for. */
    public Dependency(String name, Path directory, Outputs outputs) {
        this(name, directory, outputs, new TreeSet<>());
    }

    public Dependency using(Collection<String> names) {
        return new Dependency(name, directory, outputs, new TreeSet<>(names));
    }

    /** Where the outputs come from that this unit sees. */
    public enum Outputs {
        /** From the last apply. */
        RECORDED,
        /** At least one is a mock. */
        MOCKED,
        /** There are none; what uses them is not known. */
        MISSING,
        /** None are wanted. */
        UNUSED
    }
}
