package dev.talosforge.extension;

import dev.talosforge.problem.Problem;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.Entry.Attributes;
import dev.talosforge.tree.FileTree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Lays several sources over one another; later ones win. A file replaces a file, and a link a link. If one source has a
 * folder where another has something else, or has something below a link, the intent is unclear: that is a problem that
 * names both. Hard links keep their file when another name of it is replaced. Tracks the source of everything.
 */
public final class Composition {
    private static final int MAX_FILES = 500_000;
    private static final long MAX_BYTES = 16L << 30;

    private final String whole;
    private final long created;
    private final NavigableMap<String, Node> nodes = new TreeMap<>(FileTree.WALK_ORDER);
    private final List<Problem> problems = new ArrayList<>();
    private long bytes;

    /**
     * Starts empty.
     *
     * @param whole what is being assembled, for messages: {@code "extension frr"}
     * @param created time of folders that are in no source, in seconds since the epoch
     */
    public Composition(String whole, long created) {
        this.whole = whole;
        this.created = created;
    }

    /** A name in the tree. Names that share an {@code inode} are hard links. */
    private record Node(Inode inode, String from) {}

    /** A file, independent of its names; compared by identity. */
    private static final class Inode {
        private final Entry file;

        Inode(Entry file) {
            this.file = file;
        }
    }

    /** Lays a source over what is there. */
    public void add(Placed placed) throws SourceException {
        Map<String, Inode> inodes = new HashMap<>(); // looked up only, never walked
        Set<String> refused = new HashSet<>();
        for (Entry entry : placed.tree().entries()) {
            if (refused.contains(FileTree.parentOf(entry.path()))) {
                refused.add(entry.path());
            } else if (!fits(entry, placed.from())) {
                refused.add(entry.path());
            } else if (!isAddedAlready(entry, placed)) {
                String file = entry instanceof Entry.HardLink link ? link.target() : entry.path();
                Inode inode = inodes.computeIfAbsent(file, name -> new Inode(named(placed.tree(), name, entry)));
                nodes.put(entry.path(), new Node(inode, placed.from()));
                count(entry);
            }
        }
    }

    private static Entry named(FileTree tree, String name, Entry otherwise) {
        Entry entry = tree.get(name);
        return entry == null ? otherwise : entry;
    }

    /** A folder that its source says nothing about. */
    private boolean isAddedAlready(Entry entry, Placed placed) {
        return entry instanceof Entry.Directory
                && placed.quiet().contains(entry.path())
                && nodes.containsKey(entry.path());
    }

    /** Parents come first, so that nothing below a conflict is reported again. */
    private boolean fits(Entry entry, String from) {
        Node before = nodes.get(entry.path());
        if (before == null) {
            return true;
        }
        Entry there = before.inode().file;
        if (there instanceof Entry.Directory == entry instanceof Entry.Directory) {
            return true;
        }
        problems.add(Problem.failed(Problem.Kind.INVALID_INPUT, "cannot put %s over %s".formatted(from, before.from()))
                .because("%s is %s in the first and %s in the second"
                        .formatted(entry.path(), Source.kind(entry), Source.kind(there)))
                .trying("exclude it from one of them"));
        return false;
    }

    private void count(Entry entry) throws SourceException {
        if (entry instanceof Entry.RegularFile file) {
            bytes += file.content().size();
        }
        if (nodes.size() > MAX_FILES || bytes > MAX_BYTES) {
            throw new SourceException(
                    "%s would have more than %d files, or more than %d bytes".formatted(whole, MAX_FILES, MAX_BYTES),
                    null);
        }
    }

    /** All conflicts. */
    public List<Problem> problems() {
        return List.copyOf(problems);
    }

    /** The source of a path; null if no source has it. */
    public @Nullable String origin(String path) {
        Node node = nodes.get(path);
        return node == null ? null : node.from();
    }

    /** The files of all sources, if there is no conflict. */
    public FileTree tree() throws IOException {
        IdentityHashMap<Inode, String> first = new IdentityHashMap<>(); // looked up only, never walked
        List<Entry> entries = new ArrayList<>(nodes.size());
        nodes.forEach((path, node) -> {
            Entry file = node.inode().file;
            String other = first.putIfAbsent(node.inode(), path);
            Attributes attributes = file.attributes().withModified(created);
            entries.add(
                    other != null && file instanceof Entry.RegularFile
                            ? new Entry.HardLink(path, attributes, other)
                            : file.withPath(path).withAttributes(attributes));
        });
        return FileTree.of(entries);
    }
}
