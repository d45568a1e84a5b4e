package dev.talosforge.tree;

import dev.talosforge.bytes.LimitException;
import dev.talosforge.bytes.NameBytes;
import java.io.IOException;
import java.util.AbstractList;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.RandomAccess;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A complete file tree: every entry's parent is in it and is a directory, no path occurs twice, every hard link leads
 * to a regular file. Immutable.
 *
 * <p>Entries come in walk order: a directory before what is in it, siblings by the bytes of their names. The order
 * depends on nothing else, and so neither does anything written from a tree.
 */
public final class FileTree {
    /** The deepest path a tree may have, and the longest, in components and in bytes. */
    public static final int MAX_DEPTH = 128;

    private static final int MAX_PATH_BYTES = 4096;
    private static final int MAX_NAME_BYTES = 255;

    /** Walk order: compares as if the separator sorted before every character a name can hold. */
    public static final Comparator<String> WALK_ORDER = FileTree::compareWalk;

    private static final FileTree EMPTY = new FileTree(List.of());

    /** In walk order: a sorted list takes a tenth of a map's memory and is searched by bisection. */
    private final List<Entry> entries;

    private FileTree(List<Entry> entries) {
        this.entries = entries;
    }

    public static FileTree empty() {
        return EMPTY;
    }

    /** Checks and sorts. A missing parent, a duplicate path or an unusable name is a {@link LimitException}. */
    public static FileTree of(Collection<? extends Entry> entries) throws IOException {
        List<Entry> sorted = new ArrayList<>(entries.size());
        for (Entry entry : entries) {
            checkPath(entry.path());
            if (!entry.path().equals(".")) {
                sorted.add(entry);
            }
        }
        sorted.sort(Comparator.comparing(Entry::path, WALK_ORDER));
        FileTree tree = new FileTree(List.copyOf(sorted));
        tree.check();
        return tree;
    }

    /** A directory comes before its contents, so the directories above an entry are the ones still open. */
    private void check() throws LimitException {
        Deque<String> open = new ArrayDeque<>();
        open.push(".");
        String before = ".";
        for (Entry entry : entries) {
            String path = entry.path();
            if (path.equals(before)) {
                throw new LimitException("file tree", path, "the path occurs twice");
            }
            before = path;
            String parent = parentOf(path);
            while (!open.isEmpty() && !open.peek().equals(parent)) {
                open.pop();
            }
            if (open.isEmpty()) {
                throw new LimitException("file tree", path, parent + " is not a directory of the tree");
            }
            if (entry instanceof Entry.Directory) {
                open.push(path);
            }
            if (entry instanceof Entry.HardLink link && !(get(link.target()) instanceof Entry.RegularFile)) {
                throw new LimitException(
                        "file tree", path, "links to " + link.target() + ", which is not a regular file");
            }
        }
    }

    /** In walk order, without the root. */
    public List<Entry> entries() {
        return entries;
    }

    public int size() {
        return entries.size();
    }

    public @Nullable Entry get(String path) {
        int at = position(path);
        return at < 0 ? null : entries.get(at);
    }

    /** The result of a binary search. */
    private int position(String path) {
        int low = 0;
        int high = entries.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = compareWalk(entries.get(middle).path(), path);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -low - 1;
    }

    /** The direct children of a directory, by name; {@code "."} is the root. */
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
        int at = position(directory);
        for (Entry entry : entries.subList(at < 0 ? -at - 1 : at + 1, entries.size())) {
            if (!entry.path().startsWith(directory + "/")) {
                break;
            }
            found.add(entry);
        }
        return found;
    }

    /** Everything below {@code directory}, as a tree with paths relative to it. */
    public FileTree subtree(String directory) throws IOException {
        if (directory.equals(".")) {
            return this;
        }
        int from = position(directory);
        int start = from < 0 ? -from - 1 : from + 1;
        int end = start;
        while (end < entries.size() && entries.get(end).path().startsWith(directory + "/")) {
            if (entries.get(end) instanceof Entry.HardLink link
                    && !link.target().startsWith(directory + "/")) {
                return moved(path -> path.startsWith(directory + "/") ? path.substring(directory.length() + 1) : null);
            }
            end++;
        }
        return new FileTree(new Moved(entries.subList(start, end), directory.length() + 1));
    }

    /**
     * Entries with paths relative to a directory, created on access: a copy would double the memory of a large tree.
     */
    private static final class Moved extends AbstractList<Entry> implements RandomAccess {
        private final List<Entry> entries;
        private final int prefix;

        Moved(List<Entry> entries, int prefix) {
            this.entries = entries;
            this.prefix = prefix;
        }

        @Override
        public Entry get(int index) {
            Entry entry = entries.get(index);
            String path = entry.path().substring(prefix);
            return entry instanceof Entry.HardLink link
                    ? new Entry.HardLink(path, link.attributes(), link.target().substring(prefix))
                    : entry.withPath(path);
        }

        @Override
        public int size() {
            return entries.size();
        }
    }

    /**
     * The same files with other attributes. Entries are created on access: a copy would double the memory of a large
     * tree.
     *
     * @param changed must return the same result for an entry on every call
     */
    public FileTree withAttributes(Function<Entry, Entry.Attributes> changed) {
        return new FileTree(new Changed(entries, changed));
    }

    private static final class Changed extends AbstractList<Entry> implements RandomAccess {
        private final List<Entry> entries;
        private final Function<Entry, Entry.Attributes> changed;

        Changed(List<Entry> entries, Function<Entry, Entry.Attributes> changed) {
            this.entries = entries;
            this.changed = changed;
        }

        @Override
        public Entry get(int index) {
            Entry entry = entries.get(index);
            return entry.withAttributes(changed.apply(entry));
        }

        @Override
        public int size() {
            return entries.size();
        }
    }

    /** The entries that {@code keep} accepts. Dropping a directory drops its contents, too. */
    public FileTree filter(Predicate<Entry> keep) throws IOException {
        List<Entry> kept = entries.stream().filter(keep).toList();
        Set<String> paths = new HashSet<>(); // asked only whether it has a path
        kept.forEach(entry -> paths.add(entry.path()));
        return moved(path -> paths.contains(path) ? path : null);
    }

    /**
     * The same files at other paths. Names that are kept stay hard links of one another: if a file's own name is left
     * out, its first name that is kept gets the content.
     *
     * @param to the new path of each entry, distinct for each; null leaves the entry out
     */
    public FileTree moved(Function<String, @Nullable String> to) throws IOException {
        Set<String> linked = new HashSet<>(); // asked only whether it has a path
        for (Entry entry : entries) {
            if (entry instanceof Entry.HardLink link) {
                linked.add(link.target());
            }
        }
        Map<String, String> names = new HashMap<>(); // the first name kept of a linked file; never iterated
        List<Entry> moved = new ArrayList<>();
        for (Entry entry : entries) {
            String path = to.apply(entry.path());
            if (path != null) {
                String file = entry instanceof Entry.HardLink link ? link.target() : entry.path();
                moved.add(linked.contains(file) ? moved(entry, path, file, names) : entry.withPath(path));
            }
        }
        return of(moved);
    }

    private Entry moved(Entry entry, String path, String file, Map<String, String> names) {
        if (!(get(file) instanceof Entry.RegularFile content)) {
            return entry.withPath(path);
        }
        String first = names.putIfAbsent(file, path);
        return first == null ? content.withPath(path) : new Entry.HardLink(path, content.attributes(), first);
    }

    /** The directory part of a path; {@code "."} for entries of the root. */
    public static String parentOf(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "." : path.substring(0, slash);
    }

    public static String nameOf(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static void checkPath(String path) throws LimitException {
        if (!path.equals(".") && !isPlain(path)) {
            checkNames(path);
        }
    }

    /** Short, ASCII, and without names that need a closer look. True of nearly all paths, and quick to check. */
    private static boolean isPlain(String path) {
        int start = 0;
        int depth = 1;
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '/') {
                if (i == start) {
                    return false;
                }
                start = i + 1;
                depth++;
            } else if (c == 0 || c >= 0x80 || (c == '.' && i == start)) {
                return false;
            }
        }
        return start < path.length() && path.length() <= MAX_NAME_BYTES && depth <= MAX_DEPTH;
    }

    private static void checkNames(String path) throws LimitException {
        String[] names = path.split("/", -1);
        if (names.length > MAX_DEPTH) {
            throw new LimitException("file tree", path, "deeper than %d directories".formatted(MAX_DEPTH));
        }
        int total = 0;
        for (String name : names) {
            int bytes = NameBytes.of(name).length;
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
                return NameBytes.isByte(left, i) || NameBytes.isByte(right, j)
                        ? compareBytes(left.substring(i), right.substring(j))
                        : Integer.compare(a == '/' ? 0 : a, b == '/' ? 0 : b);
            }
            i += Character.charCount(a);
            j += Character.charCount(b);
        }
        return Integer.compare(left.length() - i, right.length() - j);
    }

    /** For names with bytes that are not characters: a NUL occurs in neither. */
    private static int compareBytes(String left, String right) {
        return Arrays.compareUnsigned(NameBytes.of(left.replace('/', '\0')), NameBytes.of(right.replace('/', '\0')));
    }
}
