package dev.talosforge.format.squashfs;

import dev.talosforge.bytes.FieldWriter;
import dev.talosforge.bytes.LimitException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes the inode table together with the directory table: each holds positions in the other. */
final class InodeWriter {
    private static final long MAX_U32 = 0xffff_ffffL;

    /** A listing larger than this needs an extended inode; in bytes, plus 3. */
    private static final int MAX_BASIC_LISTING = 0xffff;

    private static final int MAX_INDEXES = 0xffff;

    private final SquashfsLayout layout;
    private final LabelTable labels;
    private final MetadataWriter inodes;
    private final MetadataWriter directories;
    private final Map<Long, Integer> ids = new TreeMap<>();
    private final long count;

    InodeWriter(SquashfsLayout layout, LabelTable labels, MetadataWriter inodes, MetadataWriter directories) {
        this.layout = layout;
        this.labels = labels;
        this.inodes = inodes;
        this.directories = directories;
        for (Long id : layout.ids()) {
            ids.put(id, ids.size());
        }
        this.count = layout.inodes().size();
    }

    /** Writes nodes in numeric order and sets every node's reference. */
    void write(List<Node> nodes) throws LimitException {
        for (Node node : nodes) {
            switch (node.type) {
                case DIRECTORY -> directory(node);
                case FILE -> file(node);
                case SYMLINK -> {
                    long xattr = xattr(node);
                    place(node, new Inode.Symlink(header(node, false), node.links, node.target.length, xattr));
                    inodes.write(node.target);
                    if (xattr != Inode.NO_XATTR) {
                        inodes.write(FieldWriter.littleEndian("squashfs symlink inode", Integer.BYTES)
                                .u32("xattr", xattr)
                                .toBytes());
                    }
                }
                case CHAR_DEVICE, BLOCK_DEVICE ->
                    place(node, new Inode.Device(header(node, false), node.links, node.device, xattr(node)));
                case FIFO, SOCKET -> place(node, new Inode.Ipc(header(node, false), node.links, xattr(node)));
            }
        }
    }

    private void place(Node node, Inode inode) {
        node.reference = (inodes.blockStart() << 16) | inodes.offset();
        inodes.write(inode.encode().toBytes());
    }

    private Inode.Header header(Node node, boolean extended) {
        return new Inode.Header(
                node.type.number(extended || node.attributes.label() != null),
                node.attributes.permissions(),
                index(node.attributes.uid()),
                index(node.attributes.gid()),
                node.attributes.modified(),
                node.number);
    }

    private long xattr(Node node) {
        return labels.index(node.attributes.label());
    }

    private int index(long id) {
        Integer index = ids.get(id);
        if (index == null) {
            throw new IllegalStateException("not in the id table: " + id);
        }
        return index;
    }

    private void file(Node node) {
        FileContent content = node.content;
        if (content == null) {
            throw new IllegalStateException("a file without content");
        }
        boolean extended = node.links > 1 || content.sparse > 0 || content.start > MAX_U32 || content.size() > MAX_U32;
        place(
                node,
                new Inode.RegularFile(
                        header(node, extended),
                        content.start,
                        content.size(),
                        content.sparse,
                        node.links,
                        content.fragment,
                        content.fragmentOffset,
                        xattr(node)));
        ByteBuffer sizes =
                ByteBuffer.allocate(content.blocks.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        sizes.asIntBuffer().put(content.blocks);
        inodes.write(sizes.array());
    }

    private void directory(Node node) throws LimitException {
        long block = directories.blockStart();
        int offset = directories.offset();
        List<Index> indexes = new ArrayList<>();
        List<Node.Name> children = layout.names(node);
        long size = listing(children, indexes) + Inode.Directory.EMPTY;
        if (size > MAX_U32) {
            throw new LimitException("squashfs", "a directory", "a listing of %d bytes".formatted(size));
        }
        boolean extended = size > MAX_BASIC_LISTING || !indexes.isEmpty();
        long links = 2
                + children.stream()
                        .filter(child -> child.node().type == InodeType.DIRECTORY)
                        .count();
        Node parent = node.parent;
        place(
                node,
                new Inode.Directory(
                        header(node, extended),
                        block,
                        links,
                        size,
                        offset,
                        parent == null ? count + 1 : parent.number,
                        indexes.size(),
                        xattr(node)));
        for (Index index : indexes) {
            byte[] name = index.name().bytes();
            inodes.write(new DirectoryIndex(index.offset(), index.block(), name.length)
                    .encode()
                    .toBytes());
            inodes.write(name);
        }
    }

    /** Returns the size in bytes. */
    private long listing(List<Node.Name> children, List<Index> indexes) {
        long size = 0;
        long indexed = directories.blockStart();
        for (int from = 0; from < children.size(); ) {
            int to = endOfRun(children, from);
            Node first = children.get(from).node();
            if (directories.blockStart() != indexed && indexes.size() < MAX_INDEXES) {
                indexed = directories.blockStart();
                indexes.add(new Index(size, indexed, children.get(from)));
            }
            size += put(new DirectoryHeader(to - from, first.reference >>> 16, first.number)
                    .encode()
                    .toBytes());
            for (Node.Name child : children.subList(from, to)) {
                byte[] name = child.bytes();
                Node inode = child.node();
                size += put(new DirectoryEntry(
                                (int) (inode.reference & 0xffff),
                                inode.number - first.number,
                                inode.type.number(false),
                                name.length)
                        .encode()
                        .toBytes());
                size += put(name);
            }
            from = to;
        }
        return size;
    }

    private int put(byte[] bytes) {
        directories.write(bytes);
        return bytes.length;
    }

    /** A run's inodes are in one metadata block and close in number. */
    private static int endOfRun(List<Node.Name> children, int from) {
        Node first = children.get(from).node();
        int to = from + 1;
        while (to < children.size() && to - from < DirectoryHeader.MAX_COUNT) {
            Node next = children.get(to).node();
            int delta = next.number - first.number;
            if (next.reference >>> 16 != first.reference >>> 16 || delta != (short) delta) {
                break;
            }
            to++;
        }
        return to;
    }

    private record Index(long offset, long block, Node.Name name) {}
}
