package dev.talosforge.config.text;

import dev.talosforge.bytes.DiskName;
import dev.talosforge.bytes.OpenFile;
import dev.talosforge.config.hcl.eval.FileAccess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Files of this machine, for the functions of the language. */
public final class DiskFiles implements FileAccess {
    private static final long MAX_SIZE = 8 << 20;
    private static final int MAX_DEPTH = 40;
    private static final int MAX_FILES = 100_000;

    private final UnaryOperator<Path> onDisk;

    /** Files whose paths are those of the disk. */
    public DiskFiles() {
        this(path -> path);
    }

    /**
     * Files with other paths.
     *
     * @param onDisk converts a path to the path on disk
     */
    public DiskFiles(UnaryOperator<Path> onDisk) {
        this.onDisk = onDisk;
    }

    @Override
    public byte[] read(Path path) throws IOException {
        Path file = onDisk.apply(path);
        if (Files.size(file) > MAX_SIZE) {
            throw new IOException("it has more than %d bytes".formatted(MAX_SIZE));
        }
        return OpenFile.read(file);
    }

    @Override
    public boolean isFile(Path file) {
        return Files.isRegularFile(onDisk.apply(file));
    }

    @Override
    public boolean isFolder(Path file) {
        return Files.isDirectory(onDisk.apply(file));
    }

    @Override
    public List<Path> files(Path path) throws IOException {
        Path folder = onDisk.apply(path);
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> found = Files.walk(folder, MAX_DEPTH)) {
            List<Path> files = found.filter(Files::isRegularFile)
                    .map(folder::relativize)
                    .limit(MAX_FILES + 1L)
                    .sorted()
                    .toList();
            if (files.size() > MAX_FILES) {
                throw new IOException("it contains more than %d files".formatted(MAX_FILES));
            }
            for (Path file : files) {
                if (!DiskName.isShown(file.toString())) {
                    throw new IOException("the name of a file in it is not UTF-8: " + file);
                }
            }
            return files;
        }
    }
}
