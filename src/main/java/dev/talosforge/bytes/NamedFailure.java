package dev.talosforge.bytes;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

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

    /** What somebody can do about it, by the words of the system; null where nothing is known. */
    public static @Nullable String remedy(String reason) {
        if (isFull(reason)) {
            return "free space there, or write elsewhere: --store DIR for the store, iso_output_dir for ISOs";
        }
        return switch (reason) {
            case "Read-only file system" ->
                "what is built is recorded beside each unit: work on a copy of the tree that can be written; for the store: --store DIR";
            case "Permission denied", "Operation not permitted" ->
                "check owner and mode of the file and the folder it is in";
            case "Not a directory", "File exists" -> "move away what stands there, which is no folder";
            case "File too large" ->
                "raise the limit of the shell: ulimit -f; or write to a file system that holds larger files: --store DIR";
            case "Input/output error", "Stale file handle" ->
                "see whether the disk, or the server that it is on, is in order: dmesg";
            case "No locks available" -> "write to a file system with locks, or let the server's lock daemon run";
            default -> null;
        };
    }

    /** As {@link #remedy(String)}, of a failure or what caused it. */
    public static @Nullable String remedy(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof FileSystemException file && file.getReason() != null) {
                return remedy(file.getReason());
            }
        }
        return null;
    }

    /** Whether it says that there is no room. */
    public static boolean isFull(String reason) {
        return reason.startsWith(FULL) || reason.startsWith(QUOTA);
    }
}
