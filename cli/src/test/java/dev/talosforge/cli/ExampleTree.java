package dev.talosforge.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;

/** The tree of {@code examples}, as in a repository of its own. */
final class ExampleTree {
    private ExampleTree() {}

    /** Copies it, without states that somebody's apply has left. */
    static void copyTo(Path target) throws IOException {
        Files.createDirectories(target.resolve(".git"));
        Path example = Path.of("examples");
        try (Stream<Path> files = Files.walk(example)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = String.valueOf(file.getFileName());
                if (!name.contains("tfstate")) {
                    Path copy = target.resolve(example.relativize(file).toString());
                    Files.createDirectories(copy.getParent());
                    Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }
}
