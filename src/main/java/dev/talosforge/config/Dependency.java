package dev.talosforge.config;

import java.nio.file.Path;

/**
 * Another unit that has to be applied before.
 *
 * @param name the block's label; the folder's name for one that stands in {@code dependencies}
 * @param directory the other unit's folder, absolute
 */
public record Dependency(String name, Path directory, Outputs outputs) {
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
