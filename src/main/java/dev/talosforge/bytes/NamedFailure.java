package dev.talosforge.bytes;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the operating system says of an open file comes without the file's name: here it gets it. */
public final class NamedFailure {
    private static final String FULL = "No space left on device";
    private static final String QUOTA = "Disk quota exceeded";
    private static final List<String> OF_SYSTEM =
            List.of(FULL, QUOTA, "Read-only file system", "Input/output error", "File too large", "Stale file handle");

    private NamedFailure() {}

    /**
     * The same failure with the file's name, and how far it got; any other as it is.
     *
     * @param target which it would have become
     * @param partial what is there of it, before it is removed
     */
    public static IOException of(Path target, Path partial, IOException e) {
        String said = e.getMessage();
        if (e instanceof FileSystemException || said == null || !OF_SYSTEM.contains(said)) {
            return e;
        }
        long written;
        try {
            written = Files.size(partial);
        } catch (IOException unreadable) {
            written = 0;
        }
        FileSystemException named = new FileSystemException(
                target.toString(), null, isFull(said) ? said + ", behind %d bytes of it".formatted(written) : said);
        named.initCause(e);
        return named;
    }

    /** Whether it says that there is no room. */
    public static boolean isFull(String reason) {
        return reason.startsWith(FULL) || reason.startsWith(QUOTA);
    }
}
