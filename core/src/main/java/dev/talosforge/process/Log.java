package dev.talosforge.process;

import java.nio.file.Path;
import java.util.function.LongConsumer;

/**
 * A file that receives both streams of a program, in the order in which they were written.
 *
 * @param appended whether output is appended to the file; otherwise it replaces the file's content
 * @param limit in bytes; a program that writes more is ended
 * @param progress receives the size of the file from time to time, in bytes
 */
public record Log(Path file, boolean appended, long limit, LongConsumer progress) {
    /** A log that is read only afterwards. */
    public static Log of(Path file, long limit) {
        return new Log(file, false, limit, _ -> {});
    }
}
