package dev.talosforge.bytes;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the operating system says of an open file comes without the file's name: here it gets it. */
public final class NamedFailure {
    private static final String FULL = "No space left on device";
    private static final String QUOTA = "Disk quota exceeded";

    private NamedFailure() {}

    /**
     * The same failure with the file's name, and how far it got where there is no room. One that has a name, or that is
     * only the end that somebody asked for, stays as it is.
     *
     * @param target which it would have become
     * @param partial what is there of it, before it is removed
     * @param e of an operation on this file and nothing else: its words may be in any language
     */
    public static IOException of(Path target, Path partial, IOException e) {
        if (e instanceof FileSystemException
                || e instanceof ClosedChannelException
                || e instanceof InterruptedIOException) {
            return e;
        }
        String said = e.getMessage() == null ? e.toString() : e.getMessage();
        FileSystemException named = new FileSystemException(
                target.toString(),
                null,
                isFull(said) ? said + ", behind %d bytes of it".formatted(written(partial)) : said);
        named.initCause(e);
        return named;
    }

    /** As {@link #of(Path, Path, IOException)}, of a file that is where it will be. */
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

    /** Whether it says that there is no room. */
    public static boolean isFull(String reason) {
        return reason.startsWith(FULL) || reason.startsWith(QUOTA);
    }
}
