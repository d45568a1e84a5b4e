package dev.talosforge.process;

import java.nio.file.Path;
import java.util.function.LongConsumer;

/**
 * A file that gets both streams of a program, in the order in which they were written.
 *
 * @param appended whether it goes behind what the file has; else it replaces that
 * @param limit in bytes; a program that says more is ended
 * @param progress is told from time to time how large the file is, in bytes
 */
public record Log(Path file, boolean appended, long limit, LongConsumer progress) {
    /** One that is looked at afterwards. */
    public static Log of(Path file, long limit) {
        return new Log(file, false, limit, _ -> {});
    }
}
