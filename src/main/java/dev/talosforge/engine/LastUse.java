package dev.talosforge.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;

/**
 * When a file was used last: its modification time, as no file of the store is changed once it is there. The access time
 * would not do, for most file systems are mounted without it.
 */
final class LastUse {
    /** Noted no finer than this, so that a run that finds thousands of files seldom writes. */
    static final Duration PRECISION = Duration.ofDays(1);

    private LastUse() {}

    /**
     * Notes that a file is used.
     *
     * @param noted its last use until now; one in the future is a clock's that was wrong
     * @return whether the file's time has changed
     */
    static boolean note(Path file, FileTime noted, Instant now) {
        if (Duration.between(noted.toInstant(), now).abs().compareTo(PRECISION) < 0) {
            return false;
        }
        try {
            Files.setLastModifiedTime(file, FileTime.from(now));
            return true;
        } catch (IOException e) {
            return false; // somebody else's file: it is made again when it is missed
        }
    }
}
