package dev.talosforge.oci;

import dev.talosforge.bytes.NewFileStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes files that appear under their name once they are complete, or not at all. */
final class NewFile {
    /** Prefix of the names of incomplete files. */
    static final String PREFIX = ".new";

    private NewFile() {}

    /** Writes the content and returns something about it. */
    @FunctionalInterface
    interface Content<T> {
        T write(OutputStream out) throws IOException;
    }

    /** Creates or replaces {@code target} in an existing folder. */
    static <T> T write(Path target, Content<T> content) throws IOException {
        // A temporary file is readable by its owner only and stays so when renamed, so here it only reserves a name.
        Path reserved = Files.createTempFile(target.toAbsolutePath().getParent(), PREFIX, "");
        Path partial = reserved.resolveSibling(reserved.getFileName() + ".partial");
        try {
            T result;
            try (NewFileStream out = NewFileStream.of(target, partial)) {
                result = content.write(out);
                out.sync();
            }
            Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
            return result;
        } finally {
            Files.deleteIfExists(partial);
            Files.deleteIfExists(reserved);
        }
    }
}
