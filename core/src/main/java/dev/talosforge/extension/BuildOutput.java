package dev.talosforge.extension;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.DiskName;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.Entry.Attributes;
import dev.talosforge.tree.FileTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a build's output. It is treated as untrusted: bounded, without special files, everything owned by root. Names
 * of one file stay hard links.
 */
final class BuildOutput {
    /** The limits of an extension. */
    static final Limits USUAL = new Limits(500_000, 16L << 30);

    private static final int FORMAT = 0170000;
    private static final int MAX_LISTED = 10;

    private final Path root;
    private final String what;
    private final long created;
    private final Limits limits;
    private final Map<Object, String> first = new HashMap<>(); // looked up only, never iterated
    private final List<Entry> entries = new ArrayList<>();
    private final List<String> special = new ArrayList<>();
    private long bytes;

    private BuildOutput(Path root, String what, long created, Limits limits) {
        this.root = root;
        this.what = what;
        this.created = created;
        this.limits = limits;
    }

    /** Limits of the output. */
    record Limits(int files, long bytes) {}

    /**
     * The files of a folder.
     *
     * @param what cannot be done if they are refused
     * @param created the time of all of them
     */
    static FileTree read(Path root, String what, long created, Limits limits) throws IOException {
        return new BuildOutput(root, what, created, limits).read();
    }

    private FileTree read() throws IOException {
        TreeMap<String, Path> found = new TreeMap<>(FileTree.WALK_ORDER);
        try (Stream<Path> walk = Files.walk(root, FileTree.MAX_DEPTH + 1)) {
            for (Path path : (Iterable<Path>) walk::iterator) {
                if (!path.equals(root)) {
                    found.put(DiskName.of(root, path), path);
                }
                if (found.size() > limits.files()) {
                    throw refused("more than %d files".formatted(limits.files()));
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        for (Map.Entry<String, Path> one : found.entrySet()) {
            add(one.getKey(), one.getValue());
        }
        if (!special.isEmpty()) {
            throw refused(String.join(", ", special.subList(0, Math.min(MAX_LISTED, special.size()))));
        }
        return FileTree.of(entries);
    }

    private void add(String name, Path path) throws IOException {
        Map<String, Object> attributes =
                Files.readAttributes(path, "unix:mode,nlink,size,ino", LinkOption.NOFOLLOW_LINKS);
        int mode = (int) number(attributes.get("mode"));
        Attributes normal = Attributes.root(mode & 07777, created);
        switch (mode & FORMAT) {
            case 0040000 -> entries.add(new Entry.Directory(name, normal));
            case 0120000 -> entries.add(new Entry.Symlink(name, normal.withPermissions(0777), DiskName.target(path)));
            case 0100000 -> {
                String other =
                        number(attributes.get("nlink")) > 1 ? first.putIfAbsent(attributes.get("ino"), name) : null;
                if (other != null) {
                    entries.add(new Entry.HardLink(name, normal, other));
                    return;
                }
                bytes += number(attributes.get("size"));
                if (bytes > limits.bytes()) {
                    throw refused("more than %d bytes".formatted(limits.bytes()));
                }
                entries.add(new Entry.RegularFile(name, normal, ByteSource.of(path)));
            }
            case 0140000 -> special.add("the socket " + name);
            case 0010000 -> special.add("the pipe " + name);
            default -> special.add("the device " + name);
        }
    }

    private static long number(@Nullable Object value) {
        return value instanceof Number number ? number.longValue() : 0;
    }

    private BuildException refused(String contents) {
        return new BuildException(Problem.failed(Problem.Kind.INVALID_INPUT, what)
                .because("its command left %s in $OUTPUT".formatted(contents))
                .trying("leave only files, folders and links, and no more than an extension can hold"));
    }
}
