package dev.talosforge.format.squashfs;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.LimitException;
import dev.talosforge.bytes.NameBytes;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.Entry.Attributes;
import dev.talosforge.tree.FileTree;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Decides an image's inodes, their order, and which files share their content.
 *
 * <p>Inodes are numbered and written from the leaves up: a directory's listing holds the positions of its files'
 * inodes, so they must be written first. Nothing here depends on compression.
 */
final class SquashfsLayout {
    private static final String FORMAT = "squashfs";
    private static final long MAX_U32 = 0xffff_ffffL;
    private static final int MAX_IDS = 0xffff;

    /** The longest target that the kernel reads. */
    private static final int MAX_TARGET = 65535;

    private static final Node UNKNOWN = new Node(InodeType.FILE, Attributes.root(0, 0));

    private final SquashfsOptions options;
    private final List<Entry> entries;

    /** By position of the entry; a hard link shares its file's node. */
    private final Node[] nodes;

    private final List<Node> order = new ArrayList<>();
    private final List<FileContent> contents = new ArrayList<>();
    private final NavigableSet<Long> ids = new TreeSet<>();

    private SquashfsLayout(List<Entry> entries, SquashfsOptions options) {
        this.entries = entries;
        this.nodes = new Node[entries.size()];
        this.options = options;
    }

    /** Reads the contents of files of equal size to find identical ones. */
    static SquashfsLayout of(FileTree tree, SquashfsOptions options) throws IOException {
        SquashfsLayout layout = new SquashfsLayout(tree.entries(), options);
        Node root = layout.node(InodeType.DIRECTORY, ".", options.root());
        layout.makeNodes();
        layout.shareContents();
        layout.attachAll(root);
        layout.number(root);
        if (layout.ids.size() > MAX_IDS) {
            throw new LimitException(
                    FORMAT,
                    ".",
                    "%d different owners and groups; the limit is %d".formatted(layout.ids.size(), MAX_IDS));
        }
        return layout;
    }

    private void makeNodes() throws IOException {
        Map<String, Node> linked = new TreeMap<>();
        for (Entry entry : entries) {
            if (entry instanceof Entry.HardLink link) {
                linked.put(link.target(), UNKNOWN);
            }
        }
        for (int i = 0; i < nodes.length; i++) {
            Entry entry = entries.get(i);
            if (!(entry instanceof Entry.HardLink)) {
                nodes[i] = node(entry);
                if (linked.containsKey(entry.path())) {
                    linked.put(entry.path(), nodes[i]);
                }
            }
        }
        for (int i = 0; i < nodes.length; i++) {
            if (entries.get(i) instanceof Entry.HardLink link) {
                nodes[i] = Objects.requireNonNull(linked.get(link.target()));
                nodes[i].links++;
            }
        }
    }

    /** Sorted by number; the root comes last. */
    List<Node> inodes() {
        return order;
    }

    /** Each distinct content, in writing order. */
    List<FileContent> contents() {
        return contents;
    }

    /** Owners and groups in ascending order; an inode holds the index. */
    List<Long> ids() {
        return List.copyOf(ids);
    }

    private Node node(Entry entry) throws IOException {
        Attributes attributes = entry.attributes();
        String path = entry.path();
        return switch (entry) {
            case Entry.Directory directory -> node(InodeType.DIRECTORY, path, attributes);
            case Entry.RegularFile file -> node(InodeType.FILE, path, attributes);
            case Entry.Symlink link -> {
                Node node = node(InodeType.SYMLINK, path, attributes);
                node.target = bytes(path, link.target());
                if (node.target.length == 0 || node.target.length > MAX_TARGET) {
                    throw new LimitException(
                            FORMAT,
                            path,
                            "a target of %d bytes; the limits are 1 to %d".formatted(node.target.length, MAX_TARGET));
                }
                yield node;
            }
            case Entry.CharDevice device ->
                device(InodeType.CHAR_DEVICE, path, attributes, device.major(), device.minor());
            case Entry.BlockDevice device ->
                device(InodeType.BLOCK_DEVICE, path, attributes, device.major(), device.minor());
            case Entry.Fifo fifo -> {
                refuseSpecial(path, "is a named pipe, which is not allowed here");
                yield node(InodeType.FIFO, path, attributes);
            }
            case Entry.HardLink link -> throw new IllegalArgumentException("has no inode of its own: " + path);
        };
    }

    private Node device(InodeType type, String path, Attributes attributes, int major, int minor) throws IOException {
        refuseSpecial(path, "is a device node, which is not allowed here");
        if (major < 0 || major > Inode.Device.MAX_MAJOR || minor < 0 || minor > Inode.Device.MAX_MINOR) {
            throw new LimitException(
                    FORMAT,
                    path,
                    "device %d:%d; the format holds at most %d:%d"
                            .formatted(major, minor, Inode.Device.MAX_MAJOR, Inode.Device.MAX_MINOR));
        }
        Node node = node(type, path, attributes);
        node.device = Inode.Device.number(major, minor);
        return node;
    }

    private void refuseSpecial(String path, String why) throws LimitException {
        if (!options.specialFiles()) {
            throw new LimitException(FORMAT, path, why);
        }
    }

    private Node node(InodeType type, String path, Attributes attributes) throws LimitException {
        checkU32(path, "owner", attributes.uid());
        checkU32(path, "group", attributes.gid());
        checkU32(path, "modification time", attributes.modified());
        ids.add(attributes.uid());
        ids.add(attributes.gid());
        return new Node(type, attributes);
    }

    private static void checkU32(String path, String what, long value) throws LimitException {
        if (value < 0 || value > MAX_U32) {
            throw new LimitException(FORMAT, path, "%s %d; the format holds 0 to %d".formatted(what, value, MAX_U32));
        }
    }

    /**
     * Adds names to their directories' lists. Because of walk order, the lists are sorted by the bytes of the names.
     */
    private void attachAll(Node root) throws IOException {
        Deque<Open> open = new ArrayDeque<>();
        open.push(new Open(".", root));
        for (int i = 0; i < nodes.length; i++) {
            String path = entries.get(i).path();
            bytes(path, path);
            String parent = FileTree.parentOf(path);
            while (!open.element().path().equals(parent)) {
                open.pop();
            }
            Node directory = open.element().node();
            directory.add(i);
            nodes[i].parent = directory;
            if (nodes[i].type == InodeType.DIRECTORY) {
                open.push(new Open(path, nodes[i]));
            }
        }
    }

    /** A directory whose entries are being added. */
    private record Open(String path, Node node) {}

    /** A directory's children, sorted by the bytes of their names. */
    List<Node.Name> names(Node directory) {
        List<Node.Name> names = new ArrayList<>(directory.childCount);
        for (int i = 0; i < directory.childCount; i++) {
            int child = directory.children[i];
            names.add(new Node.Name(FileTree.nameOf(entries.get(child).path()), nodes[child]));
        }
        return names;
    }

    /** Depth is bounded by {@link FileTree#MAX_DEPTH}. */
    private void number(Node node) {
        for (int i = 0; i < node.childCount; i++) {
            Node child = nodes[node.children[i]];
            if (child.number == 0) {
                number(child);
            }
        }
        order.add(node);
        node.number = order.size();
    }

    /** Only files of equal size can be identical; the others are not read. */
    private void shareContents() throws IOException {
        Map<Long, Integer> sizes = new TreeMap<>();
        for (Entry entry : entries) {
            if (entry instanceof Entry.RegularFile file && file.content().size() > 0) {
                sizes.merge(file.content().size(), 1, Integer::sum);
            }
        }
        ContentIndex known = new ContentIndex(sizes.values().stream()
                .filter(count -> count > 1)
                .mapToInt(Integer::intValue)
                .sum());
        FileContent empty = new FileContent(ByteSource.empty(), options.blockSize());
        for (int i = 0; i < nodes.length; i++) {
            if (!(entries.get(i) instanceof Entry.RegularFile file)) {
                continue;
            }
            long size = file.content().size();
            FileContent own = size == 0 ? empty : content(file);
            FileContent first = sizes.getOrDefault(size, 0) > 1 ? known.first(Sha256.of(file.content()), own) : own;
            if (size > 0 && first == own) {
                contents.add(own);
            }
            nodes[i].content = first;
        }
    }

    private FileContent content(Entry.RegularFile file) throws LimitException {
        long blocks = Math.ceilDiv(file.content().size(), options.blockSize());
        if (blocks > Integer.MAX_VALUE / Integer.BYTES) {
            throw new LimitException(
                    FORMAT,
                    file.path(),
                    "%d bytes; the limit is %d blocks of %d"
                            .formatted(file.content().size(), Integer.MAX_VALUE / Integer.BYTES, options.blockSize()));
        }
        return new FileContent(file.content(), options.blockSize());
    }

    private static byte[] bytes(String path, String text) throws LimitException {
        byte[] bytes = NameBytes.of(text);
        if (!NameBytes.text(bytes).equals(text)) {
            throw new LimitException(FORMAT, path, "a name that is not Unicode text");
        }
        return bytes;
    }
}
