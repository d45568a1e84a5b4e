package dev.talosforge.format.iso9660;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FieldWriter;
import dev.talosforge.bytes.LimitException;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.Entry.Attributes;
import dev.talosforge.tree.FileTree;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * All directories of a volume in the order of the path table: by depth, then by parent, then by name.
 *
 * <p>Their sizes do not depend on any position, so they are encoded twice: once to measure, once for real.
 */
final class Directories {
    /** ECMA-119 6.8.1 numbers directories in 16 bits. */
    private static final int MAX_DIRECTORIES = 65535;

    /** The largest extent that ends at a block boundary: longer files continue in further records. */
    static final long MAX_EXTENT = 0xFFFFF800L;

    private static final byte[] SELF = {0};
    private static final byte[] PARENT = {1};
    private static final String ROOT = ".";

    private final SequencedMap<String, Folder> byPath = new TreeMap<>(FileTree.WALK_ORDER);
    private final List<Folder> ordered = new ArrayList<>();
    private final TreeMap<String, Integer> links = new TreeMap<>(FileTree.WALK_ORDER);
    private final FileTree tree;

    /** {@code children} are in the order of their records. */
    private record Folder(
            String path,
            int number,
            int parentNumber,
            String identifier,
            Attributes attributes,
            List<Entry> children,
            SequencedMap<String, String> names) {
        int subfolders() {
            return (int)
                    children.stream().filter(c -> c instanceof Entry.Directory).count();
        }
    }

    /** The position of a directory, in blocks of 2048 bytes, and its size in bytes. */
    record Extent(long block, long size) {}

    /** Encoded directories by path, in order, and the areas they refer to. */
    record Encoded(SequencedMap<String, byte[]> directories, ByteSource continuations) {}

    Directories(FileTree tree, long created) throws IOException {
        this.tree = tree;
        TreeMap<String, List<Entry>> children = new TreeMap<>(FileTree.WALK_ORDER);
        for (Entry entry : tree.entries()) {
            children.computeIfAbsent(FileTree.parentOf(entry.path()), p -> new ArrayList<>())
                    .add(entry);
            if (entry instanceof Entry.HardLink link) {
                links.merge(link.target(), 1, Integer::sum);
            }
        }
        Deque<Folder> queue = new ArrayDeque<>();
        queue.add(folder(ROOT, 1, "\0", Attributes.root(0755, created), children));
        while (!queue.isEmpty()) {
            Folder folder = queue.remove();
            for (Entry child : folder.children()) {
                if (child instanceof Entry.Directory directory) {
                    String identifier = Objects.requireNonNull(folder.names().get(child.path()));
                    queue.add(folder(child.path(), folder.number(), identifier, directory.attributes(), children));
                }
            }
        }
    }

    private Folder folder(
            String path,
            int parent,
            String identifier,
            Attributes attributes,
            SequencedMap<String, List<Entry>> children)
            throws LimitException {
        if (ordered.size() == MAX_DIRECTORIES) {
            throw new LimitException("ISO 9660", path, "more than %d directories".formatted(MAX_DIRECTORIES));
        }
        List<Entry> own = children.getOrDefault(path, List.of());
        var names = IsoNames.assign(own);
        List<Entry> sorted = own.stream()
                .sorted((a, b) -> IsoNames.compare(
                        Objects.requireNonNull(names.get(a.path())), Objects.requireNonNull(names.get(b.path()))))
                .toList();
        Folder folder = new Folder(path, ordered.size() + 1, parent, identifier, attributes, sorted, names);
        ordered.add(folder);
        byPath.put(path, folder);
        return folder;
    }

    /** In the order of the path table. */
    List<String> paths() {
        return ordered.stream().map(Folder::path).toList();
    }

    /**
     * All records.
     *
     * @param extents of the directories by path; a missing one is unknown and counts as 0
     * @param blockOf a regular file
     * @param continuations where the areas will start, in blocks
     */
    Encoded encode(SequencedMap<String, Extent> extents, ToLongFunction<String> blockOf, long continuations)
            throws IOException {
        ContinuationAreas areas = new ContinuationAreas(continuations);
        SequencedMap<String, byte[]> directories = new TreeMap<>(FileTree.WALK_ORDER);
        for (Folder folder : ordered) {
            directories.put(folder.path(), records(folder, extents, blockOf, areas));
        }
        return new Encoded(directories, ByteSource.of(areas.toBytes()));
    }

    /** The path table, in one of its two byte orders. ECMA-119 9.4. */
    byte[] pathTable(SequencedMap<String, Extent> extents, boolean littleEndian) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Folder folder : ordered) {
            byte[] name = folder.identifier().getBytes(StandardCharsets.ISO_8859_1);
            int length = 8 + name.length + (name.length & 1);
            FieldWriter writer = littleEndian
                    ? FieldWriter.littleEndian("ISO 9660 path table record", length)
                    : FieldWriter.bigEndian("ISO 9660 path table record", length);
            out.writeBytes(writer.u8("identifier_length", name.length)
                    .u8("extended_attribute_length", 0)
                    .u32("extent", extent(extents, folder.path()).block())
                    .u16("parent", folder.parentNumber())
                    .bytes("identifier", name)
                    .zeros("padding", name.length & 1)
                    .toBytes());
        }
        return out.toByteArray();
    }

    private byte[] records(
            Folder folder,
            SequencedMap<String, Extent> extents,
            ToLongFunction<String> blockOf,
            ContinuationAreas areas)
            throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Folder parent = ordered.get(folder.parentNumber() - 1);
        List<byte[]> own = posix(folder);
        if (folder.path().equals(ROOT)) {
            own.addFirst(RockRidge.sharingProtocol());
            own.add(RockRidge.extensionReference());
        }
        add(out, directory(SELF, folder, extents, own, areas));
        add(out, directory(PARENT, parent, extents, posix(parent), areas));
        for (Entry child : folder.children()) {
            String identifier = Objects.requireNonNull(folder.names().get(child.path()));
            if (child instanceof Entry.Directory) {
                Folder below = Objects.requireNonNull(byPath.get(child.path()));
                List<byte[]> entries = posix(below);
                entries.addAll(RockRidge.name(FileTree.nameOf(child.path())));
                byte[] name = identifier.getBytes(StandardCharsets.US_ASCII);
                add(out, directory(name, below, extents, entries, areas));
            } else {
                file(out, child, identifier + ";1", blockOf, areas);
            }
        }
        pad(out);
        return out.toByteArray();
    }

    private List<byte[]> posix(Folder folder) throws LimitException {
        List<byte[]> entries = new ArrayList<>();
        entries.add(RockRidge.attributes(RockRidge.S_IFDIR, 2 + folder.subfolders(), folder.attributes(), folder.path())
                .toBytes());
        entries.add(RockRidge.times(IsoTime.ofRecord(folder.attributes().modified(), folder.path()))
                .toBytes());
        return entries;
    }

    private static DirectoryRecord directory(
            byte[] name,
            Folder folder,
            SequencedMap<String, Extent> extents,
            List<byte[]> entries,
            ContinuationAreas areas)
            throws LimitException {
        Extent at = extent(extents, folder.path());
        return new DirectoryRecord(
                name,
                at.block(),
                at.size(),
                IsoTime.ofRecord(folder.attributes().modified(), folder.path()),
                DirectoryRecord.DIRECTORY,
                areas.spread(entries, DirectoryRecord.MAX_SIZE - DirectoryRecord.beforeSystemUse(name.length)));
    }

    private void file(
            ByteArrayOutputStream out,
            Entry entry,
            String identifier,
            ToLongFunction<String> blockOf,
            ContinuationAreas areas)
            throws IOException {
        String content = entry instanceof Entry.HardLink link ? link.target() : entry.path();
        int count = 1 + links.getOrDefault(content, 0);
        int mode = entry instanceof Entry.Symlink ? RockRidge.S_IFLNK : RockRidge.S_IFREG;
        byte[] recorded = IsoTime.ofRecord(entry.attributes().modified(), entry.path());
        List<byte[]> entries = new ArrayList<>();
        entries.add(RockRidge.attributes(mode, count, entry.attributes(), entry.path())
                .toBytes());
        entries.add(RockRidge.times(recorded).toBytes());
        entries.addAll(RockRidge.name(FileTree.nameOf(entry.path())));
        long size = 0;
        long block = 0;
        if (entry instanceof Entry.Symlink link) {
            entries.addAll(RockRidge.link(link));
        } else if (tree.get(content) instanceof Entry.RegularFile file) {
            size = file.content().size();
            block = size == 0 ? 0 : blockOf.applyAsLong(content);
        }
        byte[] name = identifier.getBytes(StandardCharsets.US_ASCII);
        int room = DirectoryRecord.MAX_SIZE - DirectoryRecord.beforeSystemUse(name.length);
        long done = 0;
        do {
            long part = Math.min(size - done, MAX_EXTENT);
            int flags = done + part < size ? DirectoryRecord.MORE_EXTENTS : 0;
            long at = block + done / VolumeDescriptors.BLOCK;
            add(out, new DirectoryRecord(name, at, part, recorded, flags, areas.spread(entries, room)));
            done += part;
        } while (done < size);
    }

    /** A record does not cross a block: ECMA-119 6.8.1.1. */
    private static void add(ByteArrayOutputStream out, DirectoryRecord record) {
        byte[] bytes = record.encode().toBytes();
        if (out.size() % VolumeDescriptors.BLOCK + bytes.length > VolumeDescriptors.BLOCK) {
            pad(out);
        }
        out.writeBytes(bytes);
    }

    private static void pad(ByteArrayOutputStream out) {
        int over = out.size() % VolumeDescriptors.BLOCK;
        out.writeBytes(new byte[over == 0 ? 0 : VolumeDescriptors.BLOCK - over]);
    }

    private static Extent extent(SequencedMap<String, Extent> extents, String path) {
        Extent at = extents.get(path);
        return at == null ? new Extent(0, 0) : at;
    }

    /** The root's record in the volume descriptor: without system use entries. */
    byte[] rootRecord(SequencedMap<String, Extent> extents) throws LimitException {
        Folder root = ordered.getFirst();
        Extent at = extent(extents, ROOT);
        byte[] recorded = IsoTime.ofRecord(root.attributes().modified(), root.path());
        return new DirectoryRecord(SELF, at.block(), at.size(), recorded, DirectoryRecord.DIRECTORY, new byte[0])
                .encode()
                .toBytes();
    }
}
