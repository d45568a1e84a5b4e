package dev.talosforge.parts;

import dev.talosforge.bytes.ByteSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Files for programs that read nothing but files. */
final class Scratch {
    private Scratch() {}

    static Path file(Path folder, ByteSource content) throws IOException {
        Path file = Files.createTempFile(folder, "part", "");
        try (InputStream in = content.open()) {
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
        }
        return file;
    }
}
