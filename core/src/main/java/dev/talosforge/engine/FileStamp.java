package dev.talosforge.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * Identifies a file as the one that was examined before.
 *
 * @param key the operating system's file key; null if it has none
 * @param size in bytes
 */
record FileStamp(@Nullable Object key, long size, FileTime modified) {
    /** Null if there is no readable file: nothing, a folder, a link, a pipe, or somebody else's file. */
    static @Nullable FileStamp of(Path file) throws IOException {
        BasicFileAttributes attributes;
        try {
            attributes = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return null;
        }
        return attributes.isRegularFile() && Files.isReadable(file)
                ? new FileStamp(attributes.fileKey(), attributes.size(), attributes.lastModifiedTime())
                : null;
    }
}
