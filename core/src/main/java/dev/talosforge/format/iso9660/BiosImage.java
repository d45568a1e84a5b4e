package dev.talosforge.format.iso9660;

import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The program that a BIOS loads from the medium without emulation: its first 2048 bytes, which load the rest.
 *
 * @param path in the tree under which it is visible, or null
 * @param length in bytes, known before its position is
 * @param content its bytes for a given first block of 2048 bytes; exactly {@code length} long
 */
public record BiosImage(@Nullable String path, int length, LongFunction<byte[]> content) {}
