package dev.talosforge.format.squashfs;

import dev.talosforge.bytes.BlockDecompressor;
import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FieldReader;
import dev.talosforge.bytes.FormatException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads data blocks and fragments. Caches a few fragments; thread-safe. */
final class DataReader {
    private static final String BLOCK = "squashfs data block";
    private static final String FRAGMENTS = "squashfs fragment table";
    private static final int CACHED_FRAGMENTS = 4;

    private final ByteSource image;
    private final Superblock superblock;
    private final BlockDecompressor decompressor;
    private final MetadataReader metadata;
    private final Map<Long, byte[]> cache = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, byte[]> eldest) {
            return size() > CACHED_FRAGMENTS;
        }
    };

    DataReader(ByteSource image, Superblock superblock, BlockDecompressor decompressor, MetadataReader metadata) {
        this.image = image;
        this.superblock = superblock;
        this.decompressor = decompressor;
        this.metadata = metadata;
    }

    int blockSize() {
        return superblock.blockSize();
    }

    MetadataReader metadata() {
        return metadata;
    }

    /** The block of exactly {@code expected} bytes stored at {@code position}. */
    byte[] block(long position, SizeWord size, int expected) throws IOException {
        if (size.equals(SizeWord.HOLE)) {
            return new byte[expected];
        }
        byte[] content = stored(position, size);
        if (content.length != expected) {
            throw new FormatException(
                    BLOCK, position, "holds %d bytes, expected %d".formatted(content.length, expected));
        }
        return content;
    }

    /** A fragment block; the caller must not change it. */
    synchronized byte[] fragment(long index) throws IOException {
        byte[] known = cache.get(index);
        if (known != null) {
            return known;
        }
        if (index >= superblock.fragments()) {
            throw new FormatException(
                    FRAGMENTS,
                    superblock.fragmentTable(),
                    "refers to fragment %d of %d".formatted(index, superblock.fragments()));
        }
        int perBlock = MetadataWriter.BLOCK / FragmentEntry.SIZE;
        long at = superblock.fragmentTable() + index / perBlock * Long.BYTES;
        long block = FieldReader.littleEndian(FRAGMENTS, image.read(FRAGMENTS, at, Long.BYTES), at)
                .u64("position");
        int offset = (int) (index % perBlock) * FragmentEntry.SIZE;
        MetadataReader.Cursor cursor = metadata.at(new MetadataReader.Place(block, offset));
        FragmentEntry entry = FragmentEntry.read(cursor.read(FragmentEntry.SIZE), block);
        byte[] content = stored(entry.start(), entry.size());
        cache.put(index, content);
        return content;
    }

    private byte[] stored(long position, SizeWord size) throws IOException {
        long end = superblock.bytesUsed();
        if (position < Superblock.SIZE
                || position > end - size.size()
                || size.size() > blockSize()
                || size.size() == 0) {
            throw new FormatException(
                    BLOCK,
                    position,
                    "%d bytes, but blocks have up to %d and the image ends at %d"
                            .formatted(size.size(), blockSize(), end));
        }
        byte[] stored = image.read(BLOCK, position, size.size());
        return size.raw()
                ? stored
                : Decompression.block(BLOCK, position, decompressor, stored, 0, stored.length, blockSize());
    }
}
