package dev.talosforge.bytes;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Adds the file's name to an operating-system error about an open file, which comes without one. */
public final class NamedFailure {
    private static final String FULL = "No space left on device";
    private static final String QUOTA = "Disk quota exceeded";

    private NamedFailure() {}

    /**
     * The same failure with the file's name and, if the disk is full, how far it got. A failure that has a name
     * already, or that is only a requested end, is returned unchanged.
     *
     * @param target the file's final path
     * @param partial the partial file, before it is removed
     * @param e from an operation on this file only: its text may be in any language
     */
    public static IOException of(Path target, Path partial, IOException e) {
        if (e instanceof FileSystemException
                || e instanceof ClosedChannelException
                || e instanceof InterruptedIOException) {
            return e;
        }
        String message = e.getMessage() == null ? e.toString() : e.getMessage();
        FileSystemException named = new FileSystemException(
                target.toString(),
                null,
                isFull(message) ? message + " after writing %d bytes of it".formatted(written(partial)) : message);
        named.initCause(e);
        return named;
    }

    /** As {@link #of(Path, Path, IOException)}, for a file written at its final path. */
    public static IOException of(Path file, IOException e) {
        return of(file, file, e);
    }

    private static long written(Path partial) {
        try {
            return Files.size(partial);
        } catch (IOException unreadable) {
            return 0;
        }
    }

    /** Whether the text says that the disk or the quota is full. */
    public static boolean isFull(String reason) {
        return reason.startsWith(FULL) || reason.startsWith(QUOTA);
    }
}
