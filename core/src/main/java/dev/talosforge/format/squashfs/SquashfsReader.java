package dev.talosforge.format.squashfs;

import dev.talosforge.bytes.BlockDecompressor;
import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FieldReader;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.tree.Entry.Attributes;
import dev.talosforge.tree.FileTree;
import java.io.IOException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads a SquashFS 4.0 image: all kinds of inode, any block size, with or without fragments. The SELinux label is kept;
 * other extended attributes are skipped.
 *
 * <p>Thread-safe. Bytes that break the format are a {@link FormatException}; files that a {@link FileTree} cannot hold,
 * such as sockets, are a {@link dev.talosforge.bytes.LimitException}.
 */
public final class SquashfsReader {
    private static final String SUPERBLOCK = "squashfs superblock";

    private final Superblock superblock;
    private final CompressionId compression;
    private final FileTree tree;
    private final Attributes root;

    private SquashfsReader(Superblock superblock, CompressionId compression, FileTree tree, Attributes root) {
        this.superblock = superblock;
        this.compression = compression;
        this.tree = tree;
        this.root = root;
    }

    /**
     * Reads all names and attributes, but no content yet.
     *
     * @param decompressors returns the codec of a compression, or null if there is none
     */
    public static SquashfsReader open(
            ByteSource image, Function<CompressionId, @Nullable BlockDecompressor> decompressors) throws IOException {
        Superblock superblock =
                Superblock.read(image.read(SUPERBLOCK, 0, (int) Math.min(Superblock.SIZE, image.size())));
        CompressionId compression = CompressionId.of(superblock.compression());
        BlockDecompressor decompressor = decompressors.apply(compression);
        if (decompressor == null) {
            throw new FormatException(SUPERBLOCK, 20, "%s compression is not supported".formatted(compression));
        }
        checkBounds(superblock, image.size());
        MetadataReader metadata = new MetadataReader(image, decompressor, superblock.bytesUsed());
        DataReader data = new DataReader(image, superblock, decompressor, metadata);
        TreeReader reader = new TreeReader(
                superblock,
                metadata,
                data,
                ids(image, superblock, metadata),
                LabelReader.open(image, superblock, metadata));
        return new SquashfsReader(superblock, compression, reader.read(), reader.root());
    }

    public CompressionId compression() {
        return compression;
    }

    /** Of file data before compression, in bytes. */
    public int blockSize() {
        return superblock.blockSize();
    }

    /** The image's creation time, in seconds since the epoch. */
    public long modified() {
        return superblock.modified();
    }

    /** The number of inodes, including the root's. */
    public long inodes() {
        return superblock.inodes();
    }

    /** Size of the image without padding, in bytes. */
    public long size() {
        return superblock.bytesUsed();
    }

    /** The root directory's attributes. */
    public Attributes root() {
        return root;
    }

    /**
     * The tree. Contents are read from the image when opened. One name of a file is the file, the others are hard
     * links.
     */
    public FileTree tree() {
        return tree;
    }

    private static void checkBounds(Superblock superblock, long size) throws FormatException {
        long used = superblock.bytesUsed();
        if (used < Superblock.SIZE || used > size) {
            throw new FormatException(SUPERBLOCK, 40, "bytes_used is %d, but the file has %d".formatted(used, size));
        }
        check(superblock.idTable(), used, 48, "id_table_start");
        check(superblock.inodeTable(), used, 64, "inode_table_start");
        check(superblock.directoryTable(), used, 72, "directory_table_start");
        if (superblock.directoryTable() < superblock.inodeTable()) {
            throw new FormatException(SUPERBLOCK, 72, "directory_table_start is before inode_table_start");
        }
        if (superblock.fragments() > 0) {
            check(superblock.fragmentTable(), used, 80, "fragment_table_start");
        }
    }

    private static void check(long table, long used, int offset, String field) throws FormatException {
        if (table < Superblock.SIZE || table > used) {
            throw new FormatException(
                    SUPERBLOCK, offset, "%s is %d, but the image ends at %d".formatted(field, table, used));
        }
    }

    private static long[] ids(ByteSource image, Superblock superblock, MetadataReader metadata) throws IOException {
        long[] ids = new long[superblock.ids()];
        int perBlock = MetadataWriter.BLOCK / Integer.BYTES;
        for (int from = 0; from < ids.length; from += perBlock) {
            long at = superblock.idTable() + (long) (from / perBlock) * Long.BYTES;
            long block = FieldReader.littleEndian(
                            "squashfs id table", image.read("squashfs id table", at, Long.BYTES), at)
                    .u64("position");
            MetadataReader.Cursor cursor = metadata.at(new MetadataReader.Place(block, 0));
            for (int i = from; i < Math.min(from + perBlock, ids.length); i++) {
                ids[i] = FieldReader.littleEndian("squashfs id table", cursor.read(Integer.BYTES), block)
                        .u32("id");
            }
        }
        return ids;
    }
}
