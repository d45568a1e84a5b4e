package dev.talosforge.config.terragrunt.run;

import dev.talosforge.config.hcl.syntax.Body;
import dev.talosforge.config.terragrunt.block.ParsedFiles;
import dev.talosforge.config.unit.UnitFiles;
import dev.talosforge.problem.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Files as the units of a run see them: those on disk, and over them what stacks generate, each file at the place where
 * Terragrunt would write it. What a stack generates is searched from the top downwards and only where it is needed. Not
 * thread-safe.
 */
public final class SeenFiles {
    private final EvaluationCache cache;
    private final Map<Path, Folder> folders = new HashMap<>();
    private final Map<Path, Stack> own = new HashMap<>();
    private final Map<Path, Stack> kept;
    private final StackReader reader;
    private final Set<Path> reading = new HashSet<>();

    /**
     * What is known about a folder.
     *
     * @param component the component whose copy contains the folder or is the folder; null for one that is only on
     *     disk
     * @param stacks of the folder and of those above it, the outermost first
     */
    private record Folder(@Nullable Component component, List<Stack> stacks) {}

    /** Reads the file of a stack: evaluated, which may need other files. */
    interface StackReader {
        /**
         * Reads what the file in a folder generates.
         *
         * @param self the component that the folder is; null for a stack that no other stack generates
         */
        ReadStack read(Path folder, @Nullable Component self);
    }

    /**
     * A stack, possibly a broken one.
     *
     * @param fromOutputs whether it depends on recorded outputs, so that it must not be shared
     */
    record ReadStack(Stack stack, boolean fromOutputs) {}

    /**
     * Files of a run.
     *
     * @param kept stacks that all runs share
     */
    SeenFiles(EvaluationCache cache, Map<Path, Stack> kept, StackReader reader) {
        this.cache = cache;
        this.kept = kept;
        this.reader = reader;
    }

    /** Where the file or folder is on disk; the path itself if there is none. */
    public Path onDisk(Path given) {
        Path path = given.normalize();
        Path parent = path.getParent();
        Folder folder = parent == null ? null : folder(parent);
        Component component = folder == null ? null : componentAt(path, folder);
        if (component == null || component.source() == null) {
            return given;
        }
        Path copied = component.source().resolve(component.folder().relativize(path));
        return Files.exists(copied) || !Files.exists(path) ? copied : path;
    }

    public boolean isFile(Path path) {
        return Files.isRegularFile(onDisk(path));
    }

    public boolean isFolder(Path path) {
        return Files.isDirectory(onDisk(path))
                || stacks(path).stream()
                        .flatMap(stack -> stack.components().keySet().stream())
                        .anyMatch(folder -> folder.startsWith(path));
    }

    public boolean exists(Path path) {
        return Files.exists(onDisk(path));
    }

    /** The parsed file. Its problems point at the file that a person can correct. */
    public Body body(Path file) {
        return cache.files().body(onDisk(file));
    }

    public String text(Path file) {
        return ParsedFiles.text(onDisk(file));
    }

    public boolean isUnit(Path folder) {
        return isFile(unitFile(folder));
    }

    public boolean isStack(Path folder) {
        return isFile(folder.resolve(UnitFiles.STACK_FILE_NAME));
    }

    /** The file that makes a folder a unit; if there is none, the one that should. */
    public Path unitFile(Path folder) {
        Path file = folder.resolve(UnitFiles.FILE_NAME);
        Path json = folder.resolve(UnitFiles.JSON_FILE_NAME);
        return !exists(file) && isFile(json) ? json : file;
    }

    /** What a stack generates in exactly this folder; null if none does. */
    public @Nullable Component component(Path path) {
        Component component = folder(path).component();
        return component != null && component.folder().equals(path) ? component : null;
    }

    /** The stacks of a folder and of those above it, the outermost first. */
    public List<Stack> stacks(Path path) {
        return folder(path).stacks();
    }

    /** What the stack's file in a folder generates; null while it is being read. */
    public @Nullable Stack stack(Path path) {
        Stack known = own.get(path);
        known = known != null ? known : kept.get(path);
        if (known != null || reading.contains(path)) {
            return known;
        }
        Folder around = path.getParent() == null ? null : folder(path.getParent());
        Component self = around == null ? null : componentAt(path, around);
        reading.add(path);
        try {
            ReadStack read = reader.read(path, self);
            (read.fromOutputs() ? own : kept).put(path, read.stack());
            return read.stack();
        } finally {
            reading.remove(path);
            // Folders that were read in the meantime lack what the stack generates.
            folders.keySet().removeIf(folder -> folder.startsWith(path));
        }
    }

    /** Why a folder does not have what is needed, if stacks are the reason; empty otherwise. */
    public List<Problem> problems(Path path) {
        List<Problem> problems = new ArrayList<>();
        Component component = component(path);
        if (component != null) {
            problems.addAll(component.problems());
        }
        stacks(path).forEach(stack -> problems.addAll(stack.problems()));
        return problems;
    }

    private Folder folder(Path path) {
        Folder known = folders.get(path);
        if (known != null) {
            return known;
        }
        Path parent = path.getParent();
        Folder above = parent == null ? new Folder(null, List.of()) : folder(parent);
        Folder folder = new Folder(componentAt(path, above), above.stacks());
        Path file = path.resolve(UnitFiles.STACK_FILE_NAME);
        Component component = folder.component();
        Path onDisk = component == null || component.source() == null
                ? file
                : component.source().resolve(component.folder().relativize(file));
        if (cache.isFile(onDisk) || (!onDisk.equals(file) && cache.isFile(file))) {
            Stack stack = stack(path);
            if (stack == null) {
                return folder; // while the stack's file is being read
            }
            List<Stack> stacks = new ArrayList<>(above.stacks());
            stacks.add(stack);
            folder = new Folder(component, List.copyOf(stacks));
        }
        folders.put(path, folder);
        return folder;
    }

    private static @Nullable Component componentAt(Path path, Folder above) {
        for (Stack stack : above.stacks().reversed()) {
            Component component = stack.components().get(path);
            if (component != null) {
                return component;
            }
        }
        return above.component();
    }
}
