package dev.talosforge.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;

/**
 * When a file was last used. Kept as its modification time, because files of the store never change. The access time is
 * no use: most file systems are mounted without it.
 */
final class LastUse {
    /** The resolution, so that a run that finds thousands of files rarely writes. */
    static final Duration PRECISION = Duration.ofDays(1);

    private LastUse() {}

    /**
     * Records that a file is used.
     *
     * @param noted its last use so far; a time in the future comes from a wrong clock
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
            return false; // somebody else's file: it is made again if it is missed
        }
    }
}
