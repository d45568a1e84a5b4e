package dev.talosforge.oci;

import dev.talosforge.bytes.NewFileStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes files that appear under their name when they are complete, or not at all. */
final class NewFile {
    /** Names that are not complete begin with it. */
    static final String PREFIX = ".new";

    private NewFile() {}

    /** Writes a content and says something about it. */
    @FunctionalInterface
    interface Content<T> {
        T write(OutputStream out) throws IOException;
    }

    /** Makes or replaces {@code target}, in a folder that is there. */
    static <T> T write(Path target, Content<T> content) throws IOException {
        // A temporary file is its owner's alone, and stays so when it is renamed: it only reserves a name here.
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
