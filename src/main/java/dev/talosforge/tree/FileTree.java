package dev.talosforge.tree;

import dev.talosforge.bytes.LimitException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A complete file tree: every entry's parent is in it and is a directory, no path stands twice, every hard link leads
 * to a regular file. Immutable.
 *
 * <p>Entries come in walk order: a directory before what is in it, siblings by the bytes of their names. The order
 * depends on nothing else, so what is written from a tree does not either.
 */
public final class FileTree {
    /** The deepest path a tree may have, and the longest, in components and in bytes of UTF-8. */
    public static final int MAX_DEPTH = 128;

    private static final int MAX_PATH_BYTES = 4096;
    private static final int MAX_NAME_BYTES = 255;

    /** Walk order: compares as if the separator sorted before every character a name can hold. */
    public static final Comparator<String> WALK_ORDER = FileTree::compareWalk;

    private static final FileTree EMPTY = new FileTree(new TreeMap<>(WALK_ORDER));

    private final NavigableMap<String, Entry> entries;

    private FileTree(NavigableMap<String, Entry> entries) {
        this.entries = entries;
    }

    public static FileTree empty() {
        return EMPTY;
    }

    /** Checks and sorts. A missing parent, a doubled path or an unusable name is a {@link LimitException}. */
    public static FileTree of(Collection<? extends Entry> entries) throws IOException {
        NavigableMap<String, Entry> sorted = new TreeMap<>(WALK_ORDER);
        for (Entry entry : entries) {
            checkPath(entry.path());
            if (!entry.path().equals(".") && sorted.put(entry.path(), entry) != null) {
                throw new LimitException("file tree", entry.path(), "the path stands twice");
            }
        }
        for (Entry entry : sorted.values()) {
            String parent = parentOf(entry.path());
            if (!parent.equals(".") && !(sorted.get(parent) instanceof Entry.Directory)) {
                throw new LimitException("file tree", entry.path(), parent + " is not a directory of the tree");
            }
            if (entry instanceof Entry.HardLink link && !(sorted.get(link.target()) instanceof Entry.RegularFile)) {
                throw new LimitException(
                        "file tree", entry.path(), "links to " + link.target() + ", which is not a regular file");
            }
        }
        return new FileTree(sorted);
    }

    /** In walk order, without the root. */
    public List<Entry> entries() {
        return List.copyOf(entries.values());
    }

    public int size() {
        return entries.size();
    }

    public @Nullable Entry get(String path) {
        return entries.get(path);
    }

    /** What stands directly in a directory, by name; {@code "."} is the root. */
    public List<Entry> children(String directory) {
        List<Entry> children = new ArrayList<>();
        for (Entry entry : below(directory)) {
            if (parentOf(entry.path()).equals(directory)) {
                children.add(entry);
            }
        }
        return children;
    }

    /** Everything below a directory, in walk order, without the directory itself; {@code "."} is the root. */
    public List<Entry> below(String directory) {
        if (directory.equals(".")) {
            return entries();
        }
        List<Entry> found = new ArrayList<>();
        for (Entry entry : entries.tailMap(directory, false).values()) {
            if (!entry.path().startsWith(directory + "/")) {
                break;
            }
            found.add(entry);
        }
        return found;
    }

    /** What stands below {@code directory}, as a tree of its own with paths from there. */
    public FileTree subtree(String directory) throws IOException {
        return directory.equals(".")
                ? this
                : moved(path -> path.startsWith(directory + "/") ? path.substring(directory.length() + 1) : null);
    }

    /** The entries that {@code keep} accepts. Dropping a directory means dropping what is in it, too. */
    public FileTree filter(Predicate<Entry> keep) throws IOException {
        return moved(path -> keep.test(Objects.requireNonNull(entries.get(path))) ? path : null);
    }

    /**
     * The same files elsewhere. Hard links stay links among the names that are taken, whichever of them is: of a file
     * whose own name is left out, the first name that is taken has the content.
     *
     * @param to the new path of each, different for each; null for what is left out
     */
    public FileTree moved(Function<String, @Nullable String> to) throws IOException {
        Map<String, String> names =
                new HashMap<>(); // a file's first name that is taken, by its name here; never walked
        List<Entry> moved = new ArrayList<>();
        for (Entry entry : entries.values()) {
            String path = to.apply(entry.path());
            if (path != null) {
                moved.add(moved(entry, path, names));
            }
        }
        return of(moved);
    }

    private Entry moved(Entry entry, String path, Map<String, String> names) {
        String file = entry instanceof Entry.HardLink link ? link.target() : entry.path();
        if (!(entries.get(file) instanceof Entry.RegularFile content)) {
            return entry.withPath(path);
        }
        String first = names.putIfAbsent(file, path);
        return first == null ? content.withPath(path) : new Entry.HardLink(path, content.attributes(), first);
    }

    /** The directory part of a path; {@code "."} for what stands in the root. */
    public static String parentOf(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "." : path.substring(0, slash);
    }

    public static String nameOf(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static void checkPath(String path) throws LimitException {
        if (path.equals(".")) {
            return;
        }
        String[] names = path.split("/", -1);
        if (names.length > MAX_DEPTH) {
            throw new LimitException("file tree", path, "deeper than %d directories".formatted(MAX_DEPTH));
        }
        int total = 0;
        for (String name : names) {
            int bytes = name.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
            total += bytes + 1;
            if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('\0') >= 0) {
                throw new LimitException("file tree", path, "\"%s\" cannot be a file name".formatted(name));
            }
            if (bytes > MAX_NAME_BYTES) {
                throw new LimitException(
                        "file tree", path, "a name of %d bytes, at most %d".formatted(bytes, MAX_NAME_BYTES));
            }
        }
        if (total > MAX_PATH_BYTES) {
            throw new LimitException("file tree", path, "longer than %d bytes".formatted(MAX_PATH_BYTES));
        }
    }

    private static int compareWalk(String left, String right) {
        int i = 0;
        int j = 0;
        while (i < left.length() && j < right.length()) {
            int a = left.codePointAt(i);
            int b = right.codePointAt(j);
            if (a != b) {
                return Integer.compare(a == '/' ? 0 : a, b == '/' ? 0 : b);
            }
            i += Character.charCount(a);
            j += Character.charCount(b);
        }
        return Integer.compare(left.length() - i, right.length() - j);
    }
}
