package dev.talosforge.pipeline.run;

import dev.talosforge.state.TerragruntCache;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** States that Terragrunt keeps in a unit's cache: {@code HASH/HASH/PATH OF THE MODULE/PATH OF THE STATE}. */
public final class CachedStates {
    /** Folders: two hashes, a module's path, a state's path. */
    private static final int DEPTH = 32;

    private static final int MAX_FOUND = 1000;

    /** Terraform's data about backends, modules and providers, not a state. */
    private static final String DATA = ".terraform";

    private CachedStates() {}

    /**
     * The states of a unit, newer and older.
     *
     * @param path relative, from where Terraform is run
     */
    public static List<Path> of(Path unit, Path path) throws IOException {
        Path cache = unit.resolve(TerragruntCache.FOLDER);
        List<Path> found = new ArrayList<>();
        if (!Files.isDirectory(cache)) {
            return found;
        }
        Files.walkFileTree(cache.toRealPath(), Set.of(), DEPTH, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return folder.endsWith(DATA) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (file.endsWith(path) && attributes.isRegularFile() && attributes.size() > 0) {
                    found.add(file);
                }
                return found.size() < MAX_FOUND ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE; // A cache that is cleaned meanwhile is not an error.
            }
        });
        return found.stream().sorted().toList();
    }
}
