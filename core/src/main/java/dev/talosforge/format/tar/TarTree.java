package dev.talosforge.format.tar;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.format.tar.TarMember.Kind;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.Entry.Attributes;
import dev.talosforge.tree.FileTree;
import dev.talosforge.tree.SharedAttributes;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The tree that results from unpacking one archive, or several over one another.
 *
 * <p>As when unpacking to a disk: a later member replaces an earlier one with the same path (a directory over a
 * directory keeps its contents), missing parents are added (0755, root, time 0), and a hard link keeps its file alive
 * when the other name is replaced. A member below a symbolic link goes where the link leads, inside the root (see
 * {@link Following}); one below a file is refused. Contents go to one spool file in the caller's folder, and the tree's
 * entries are views of it.
 *
 * <p>Several archives are layers: {@link #nextLayer} starts one, and {@link #remove} and {@link #clear} affect only
 * earlier layers. Not thread-safe.
 */
public final class TarTree implements Closeable {
    private static final String STRUCTURE = "tar archive";

    private final TarLimits limits;
    private final Spool spool;
    private final SharedAttributes attributes = new SharedAttributes();

    /** Files with more than one name. */
    private final Set<Entry> linked = Collections.newSetFromMap(new IdentityHashMap<>());

    private final NavigableMap<String, Node> nodes = new TreeMap<>(FileTree.WALK_ORDER);
    private final Following following = new Following(this::at);
    private int layer;

    /** Folders whose contents from earlier layers this layer has removed. */
    private final Set<String> cleared = new TreeSet<>();

    private long members;
    private long contentBytes;

    /** A name in the tree. Names that share a {@code file}, compared by identity, are hard links. */
    private record Node(Entry file, int layer) {}

    /**
     * An empty tree.
     *
     * @param directory the folder to spool contents to; the tree is valid as long as it exists
     */
    public TarTree(Path directory, TarLimits limits) throws IOException {
        this.limits = limits;
        this.spool = Spool.in(directory);
    }

    /** Unpacks one archive into a tree; does not close {@code tar}. */
    public static FileTree read(InputStream tar, Path directory, TarLimits limits) throws IOException {
        return read(tar, directory, limits, new LostXattrs());
    }

    /** As above; {@code lost} collects the attributes that the tree does not keep. */
    public static FileTree read(InputStream tar, Path directory, TarLimits limits, LostXattrs lost) throws IOException {
        try (TarTree tree = new TarTree(directory, limits)) {
            TarReader reader = new TarReader(tar, limits);
            for (TarMember member = reader.next(); member != null; member = reader.next()) {
                lost.see(member);
                tree.add(member, reader.content());
            }
            return tree.tree();
        }
    }

    /** Whatever is added from here on lies over what was added before. */
    public void nextLayer() {
        layer++;
        cleared.clear();
    }

    /** Adds or replaces a member; reads the whole content of a file. */
    public void add(TarMember member, InputStream content) throws IOException {
        count(member);
        if (member.path().equals(".")) {
            if (member.kind() != Kind.DIRECTORY) {
                throw new FormatException(STRUCTURE, member.contentOffset(), "the root is not a directory");
            }
            return; // a tree has no entry for its root
        }
        String path = parents(member);
        Entry file;
        if (member.kind() == Kind.HARD_LINK) {
            file = linked(member);
        } else {
            Entry entry = member.toEntry(
                    member.kind() == Kind.FILE ? spool.append(content, member.size()) : ByteSource.empty());
            file = entry.withPath(path).withAttributes(attributes.of(entry.attributes()));
        }
        Node before = nodes.get(path);
        if (before != null && isDirectory(before) && member.kind() != Kind.DIRECTORY) {
            below(path).clear();
        }
        nodes.put(path, new Node(file, layer));
    }

    /** Removes what earlier layers have at {@code path} and below; false if they have nothing there. */
    public boolean remove(String path) throws FormatException {
        String parent = following.folder(FileTree.parentOf(path));
        return removeHere(parent.equals(".") ? FileTree.nameOf(path) : parent + "/" + FileTree.nameOf(path));
    }

    private boolean removeHere(String path) {
        boolean removed = clearHere(path);
        Node node = nodes.get(path);
        if (node == null || node.layer() == layer) {
            return removed;
        }
        if (below(path).isEmpty()) {
            nodes.remove(path);
        }
        return true;
    }

    /** Removes what earlier layers have below {@code directory}; {@code "."} is the root. */
    public boolean clear(String directory) throws FormatException {
        return clearHere(following.folder(directory));
    }

    private boolean clearHere(String directory) {
        if (isCleared(directory)) {
            return false;
        }
        cleared.add(directory);
        NavigableMap<String, Node> below = directory.equals(".") ? nodes : below(directory);
        List<String> kept = new ArrayList<>();
        boolean removed = false;
        for (String path : List.copyOf(below.descendingMap().keySet())) {
            Node node = below.get(path);
            boolean needed = !kept.isEmpty() && kept.getLast().startsWith(path + "/");
            if (node != null && (node.layer() == layer || needed)) {
                kept.add(path);
            } else {
                below.remove(path);
                removed = true;
            }
        }
        return removed;
    }

    /** Afterwards everything below it is from this layer; a layer may repeat this for each of its files. */
    private boolean isCleared(String directory) {
        String at = directory;
        while (!at.equals(".") && !cleared.contains(at)) {
            at = FileTree.parentOf(at);
        }
        return cleared.contains(at);
    }

    /** The tree of everything added so far. */
    public FileTree tree() throws IOException {
        IdentityHashMap<Entry, String> firstNames = new IdentityHashMap<>(); // looked up only, never iterated
        List<Entry> entries = new ArrayList<>(nodes.size());
        nodes.forEach((path, node) -> {
            Entry file = node.file();
            String first = linked.contains(file) ? firstNames.putIfAbsent(file, path) : null;
            if (first != null && file instanceof Entry.RegularFile) {
                entries.add(new Entry.HardLink(path, file.attributes(), first));
            } else {
                entries.add(file.path().equals(path) ? file : file.withPath(path));
            }
        });
        return FileTree.of(entries);
    }

    /** Ends adding; the tree stays valid. */
    @Override
    public void close() throws IOException {
        spool.close();
    }

    private void count(TarMember member) throws FormatException {
        members++;
        contentBytes += member.size();
        if (members > limits.members() || contentBytes > limits.contentBytes()) {
            throw new FormatException(
                    STRUCTURE,
                    member.contentOffset(),
                    "more than %d members or %d bytes of content".formatted(limits.members(), limits.contentBytes()));
        }
    }

    private Entry linked(TarMember member) throws FormatException {
        String parent = following.folder(FileTree.parentOf(member.link()));
        String name = FileTree.nameOf(member.link());
        Node target = nodes.get(parent.equals(".") ? name : parent + "/" + name);
        if (target == null || isDirectory(target)) {
            throw new FormatException(
                    STRUCTURE,
                    member.contentOffset(),
                    "%s is a hard link to %s, which is not an earlier file".formatted(member.path(), member.link()));
        }
        linked.add(target.file());
        return target.file();
    }

    /** The member's final path; missing folders above it are added. */
    private String parents(TarMember member) throws FormatException {
        String folder = following.folder(FileTree.parentOf(member.path()));
        if (folder.equals(".")) {
            return FileTree.nameOf(member.path());
        }
        String path = folder + "/" + FileTree.nameOf(member.path());
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            String parent = path.substring(0, slash);
            Node node = nodes.get(parent);
            if (node == null) {
                nodes.put(parent, new Node(new Entry.Directory(parent, Attributes.root(0755, 0)), layer));
            } else if (!isDirectory(node)) {
                throw new FormatException(
                        STRUCTURE,
                        member.contentOffset(),
                        "%s is below %s, which is not a directory".formatted(member.path(), parent));
            }
        }
        return path;
    }

    private @Nullable Entry at(String path) {
        Node node = nodes.get(path);
        return node == null ? null : node.file();
    }

    private static boolean isDirectory(@Nullable Node node) {
        return node != null && node.file() instanceof Entry.Directory;
    }

    /** A view: everything below a directory sorts from its name with a slash to its name with the character after. */
    private NavigableMap<String, Node> below(String directory) {
        return nodes.subMap(directory + "/", true, directory + "\u0001", false);
    }
}
