package dev.talosforge.format.iso9660;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.LimitException;
import dev.talosforge.bytes.Placement;
import dev.talosforge.format.iso9660.Directories.Encoded;
import dev.talosforge.format.iso9660.Directories.Extent;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.Entry.Attributes;
import dev.talosforge.tree.FileTree;
import dev.talosforge.tree.TreeBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A plan as a medium, decided down to the last byte before anything is written.
 *
 * <pre>
 *   block 0      system area, 16 blocks of 2048 bytes
 *   16           primary volume descriptor, boot record (if something boots), terminator
 *                path table L, path table M
 *                directories, continuation areas
 *                boot catalog, BIOS image and one more block: GRUB's loader reads one too many
 *                files in the order of the tree, each in one piece
 *   next MiB     partition
 *   end          tail
 * </pre>
 *
 * <p>ISO 9660 level 3 with Rock Ridge and El Torito; no Joliet. Directories nest as deep as the tree, as in xorriso but
 * unlike the standard, which stops at eight. Files above 4 GiB have several extents. The same plan gives the same
 * bytes.
 */
public final class IsoLayout {
    private static final int BLOCK = VolumeDescriptors.BLOCK;
    private static final int SYSTEM_AREA_BLOCKS = 16;
    private static final int MIB = 1 << 20;

    private final IsoPlan plan;
    private final FileTree tree;
    private final Directories directories;
    private final SequencedMap<String, Long> partitionOffsets = new TreeMap<>(FileTree.WALK_ORDER);

    private final SequencedMap<String, Extent> directoryExtents = new TreeMap<>(FileTree.WALK_ORDER);
    private final SequencedMap<String, Long> fileBlocks = new TreeMap<>(FileTree.WALK_ORDER);
    private final TreeSet<String> stored = new TreeSet<>(FileTree.WALK_ORDER);
    private final int pathTableBytes;
    private long littleTable;
    private long bigTable;
    private long continuations;
    private IsoGeometry geometry = new IsoGeometry(0, 0, 0, 0, 0);

    private IsoLayout(IsoPlan plan) throws IOException {
        plan.labels().check();
        this.plan = plan;
        this.tree = merge();
        this.directories = new Directories(tree, plan.created());
        this.pathTableBytes = directories.pathTable(directoryExtents, true).length;
        place();
    }

    /** Computes the layout. What the format cannot hold is a {@link LimitException} that names the entry. */
    public static IsoLayout of(IsoPlan plan) throws IOException {
        return new IsoLayout(plan);
    }

    /** The positions of everything. */
    public IsoGeometry geometry() {
        return geometry;
    }

    /** Offset of a file's content on the medium, in bytes. */
    public long offsetOf(String path) {
        Long block = fileBlocks.get(path);
        if (block == null) {
            throw new IllegalArgumentException("no content on the medium: " + path);
        }
        return block * BLOCK;
    }

    /** The medium. Holds the file-system structures; file contents and the partition are read from their sources. */
    public ByteSource image() throws IOException {
        Placement image = new Placement();
        byte[] system = plan.systemArea().apply(geometry);
        if (system.length > SYSTEM_AREA_BLOCKS * BLOCK) {
            throw new IllegalArgumentException("system area of %d bytes".formatted(system.length));
        }
        image.put(0, system);
        descriptors(image);
        image.put(littleTable * BLOCK, directories.pathTable(directoryExtents, true));
        image.put(bigTable * BLOCK, directories.pathTable(directoryExtents, false));
        Encoded encoded = directories.encode(directoryExtents, this::blockOf, continuations);
        for (var directory : encoded.directories().entrySet()) {
            Extent at = directoryExtents.getOrDefault(directory.getKey(), new Extent(0, 0));
            image.put(at.block() * BLOCK, directory.getValue());
        }
        image.put(continuations * BLOCK, encoded.continuations());
        boot(image);
        for (String path : stored) {
            if (tree.get(path) instanceof Entry.RegularFile file) {
                image.put(blockOf(path) * BLOCK, file.content());
            }
        }
        ByteSource partition = plan.partition();
        if (partition != null) {
            image.put(geometry.partitionOffset(), partition);
        }
        image.put(
                geometry.totalBytes() - plan.tailLength(),
                exactly("tail", plan.tail().apply(geometry), plan.tailLength()));
        return image.toSource(geometry.totalBytes());
    }

    /** Everything that the directories show: the tree, and shared files stored elsewhere. */
    private FileTree merge() throws IOException {
        TreeBuilder all = new TreeBuilder(plan.created());
        for (Entry entry : plan.tree().entries()) {
            switch (entry) {
                case Entry.Directory e -> all.add(e);
                case Entry.RegularFile e -> all.add(e);
                case Entry.HardLink e -> all.add(e);
                case Entry.Symlink e -> all.add(e);
                case Entry.CharDevice e -> throw new LimitException("ISO 9660", e.path(), "devices are not supported");
                case Entry.BlockDevice e -> throw new LimitException("ISO 9660", e.path(), "devices are not supported");
                case Entry.Fifo e -> throw new LimitException("ISO 9660", e.path(), "FIFOs are not supported");
            }
        }
        TreeSet<String> added = new TreeSet<>();
        for (SharedFile file : plan.shared()) {
            ByteSource partition = plan.partition();
            if (partition == null || file.offset() % BLOCK != 0 || file.offset() > partition.size() - file.size()) {
                throw new LimitException(
                        "ISO 9660",
                        file.path(),
                        "%d bytes at %d are not at a block of the partition".formatted(file.size(), file.offset()));
            }
            partitionOffsets.put(file.path(), file.offset());
            ByteSource content = partition.slice(file.offset(), file.size());
            show(all, added, new Entry.RegularFile(file.path(), file.attributes(), content));
        }
        BiosImage bios = plan.bios();
        Attributes readable = Attributes.root(0444, plan.created());
        if (bios != null && bios.path() != null) {
            show(all, added, new Entry.RegularFile(bios.path(), readable, ByteSource.zeros(bios.length())));
        }
        if (plan.catalogPath() != null && boots()) {
            show(all, added, new Entry.RegularFile(plan.catalogPath(), readable, ByteSource.zeros(BLOCK)));
        }
        return all.build();
    }

    private void show(TreeBuilder all, Set<String> added, Entry entry) throws LimitException {
        if (plan.tree().get(entry.path()) != null || !added.add(entry.path())) {
            throw new LimitException("ISO 9660", entry.path(), "the path occurs twice");
        }
        all.add(entry);
    }

    private boolean boots() {
        return plan.bios() != null || plan.partition() != null;
    }

    private void place() throws IOException {
        long block = SYSTEM_AREA_BLOCKS + 2L + (boots() ? 1 : 0);
        littleTable = block;
        bigTable = littleTable + blocks(pathTableBytes);
        block = bigTable + blocks(pathTableBytes);
        Encoded measured = directories.encode(directoryExtents, path -> 0, 0);
        for (String path : directories.paths()) {
            long size = measured.directories().getOrDefault(path, new byte[0]).length;
            directoryExtents.put(path, new Extent(block, size));
            block += blocks(size);
        }
        continuations = block;
        block += blocks(measured.continuations().size());
        long catalog = boots() ? block++ : 0;
        BiosImage bios = plan.bios();
        long biosBlock = bios == null ? 0 : block;
        block += bios == null ? 0 : blocks(bios.length()) + 1;
        block = placeFiles(block, catalog, biosBlock);
        ByteSource partition = plan.partition();
        long partitionSize = partition == null ? 0 : partition.size();
        if (partitionSize % MIB != 0) {
            throw new LimitException(
                    "ISO 9660", "partition", "%d bytes is not a whole number of MiB".formatted(partitionSize));
        }
        long partitionOffset = partition == null ? 0 : up(block * BLOCK, MIB);
        long end = partition == null ? block * BLOCK : partitionOffset + partitionSize;
        geometry =
                new IsoGeometry(up(end + plan.tailLength(), BLOCK), partitionOffset, partitionSize, biosBlock, catalog);
        partitionOffsets.forEach((path, offset) -> fileBlocks.put(path, (partitionOffset + offset) / BLOCK));
        if (geometry.totalBytes() / BLOCK > 0xFFFFFFFFL) {
            throw new LimitException(
                    "ISO 9660", plan.labels().volume(), geometry.totalBytes() + " bytes; the limit is 2^32 blocks");
        }
    }

    private long placeFiles(long first, long catalog, long biosBlock) {
        long block = first;
        for (Entry entry : tree.entries()) {
            if (entry instanceof Entry.RegularFile file && !partitionOffsets.containsKey(file.path())) {
                BiosImage bios = plan.bios();
                if (boots() && file.path().equals(plan.catalogPath())) {
                    fileBlocks.put(file.path(), catalog);
                } else if (bios != null && file.path().equals(bios.path())) {
                    fileBlocks.put(file.path(), biosBlock);
                } else if (file.content().size() > 0) {
                    fileBlocks.put(file.path(), block);
                    stored.add(file.path());
                    block += blocks(file.content().size());
                }
            }
        }
        return block;
    }

    private long blockOf(String path) {
        return fileBlocks.getOrDefault(path, 0L);
    }

    private void descriptors(Placement image) throws IOException {
        long block = SYSTEM_AREA_BLOCKS;
        var places = new VolumeDescriptors.Places(geometry.totalBytes() / BLOCK, pathTableBytes, littleTable, bigTable);
        byte[] primary = VolumeDescriptors.primary(
                        plan.labels(), plan.created(), places, directories.rootRecord(directoryExtents))
                .toBytes();
        image.put(block++ * BLOCK, primary);
        if (boots()) {
            image.put(
                    block++ * BLOCK,
                    VolumeDescriptors.boot(geometry.catalogBlock()).toBytes());
        }
        image.put(block * BLOCK, VolumeDescriptors.terminator().toBytes());
    }

    private void boot(Placement image) throws IOException {
        BiosImage bios = plan.bios();
        if (bios != null) {
            byte[] bytes = exactly("BIOS image", bios.content().apply(geometry.biosBlock()), bios.length());
            image.put(geometry.biosBlock() * BLOCK, bytes);
        }
        if (boots()) {
            image.put(geometry.catalogBlock() * BLOCK, catalog());
        }
    }

    /** The BIOS image first, then UEFI in its own section; a single image comes first. */
    private byte[] catalog() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        boolean bios = plan.bios() != null;
        boolean efi = plan.partition() != null;
        int platform = bios ? VolumeDescriptors.PLATFORM_X86 : VolumeDescriptors.PLATFORM_EFI;
        out.writeBytes(VolumeDescriptors.validation(platform).toBytes());
        if (bios) {
            out.writeBytes(VolumeDescriptors.biosEntry(geometry.biosBlock()));
        }
        if (bios && efi) {
            out.writeBytes(VolumeDescriptors.sectionHeader(VolumeDescriptors.PLATFORM_EFI, 1)
                    .toBytes());
        }
        if (efi) {
            out.writeBytes(VolumeDescriptors.efiEntry(geometry.partitionOffset() / BLOCK, geometry.partitionSize()));
        }
        return out.toByteArray();
    }

    private static byte[] exactly(String what, byte[] bytes, int length) {
        if (bytes.length != length) {
            throw new IllegalArgumentException("%s of %d bytes, expected %d".formatted(what, bytes.length, length));
        }
        return bytes;
    }

    private static long blocks(long bytes) {
        return up(bytes, BLOCK) / BLOCK;
    }

    private static long up(long value, int unit) {
        return Math.addExact(value, unit - 1) / unit * unit;
    }
}
