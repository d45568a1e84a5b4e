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
 * By what a file is known to be the one that was looked at before.
 *
 * @param key of the operating system; null where it has none
 * @param size in bytes
 */
record FileStamp(@Nullable Object key, long size, FileTime modified) {
    /** Null where there is no file that can be read: nothing at all, a folder, a link, a pipe, or somebody else's. */
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
