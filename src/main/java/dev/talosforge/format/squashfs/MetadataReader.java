package dev.talosforge.format.squashfs;

import dev.talosforge.bytes.BlockDecompressor;
import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FieldReader;
import dev.talosforge.bytes.FormatException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads what {@link MetadataWriter} writes. Holds a few blocks; safe to be used by several threads at once. */
final class MetadataReader {
    private static final String NAME = "squashfs metadata block";

    /** Of 8 KiB each. */
    private static final int CACHED_BLOCKS = 32;

    private final ByteSource image;
    private final BlockDecompressor decompressor;
    private final long end;
    private final Map<Long, Block> cache = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Block> eldest) {
            return size() > CACHED_BLOCKS;
        }
    };

    /**
     * A reader of one image's tables.
     *
     * @param end of the image without padding, in bytes
     */
    MetadataReader(ByteSource image, BlockDecompressor decompressor, long end) {
        this.image = image;
        this.decompressor = decompressor;
        this.end = end;
    }

    /**
     * A place in a table.
     *
     * @param block where the metadata block starts, absolute, in bytes
     * @param offset in the block before compression, in bytes
     */
    record Place(long block, int offset) {}

    /** Reads on from a place, from block to block. */
    Cursor at(Place place) throws IOException {
        return new Cursor(place);
    }

    private synchronized Block block(long position) throws IOException {
        Block known = cache.get(position);
        if (known != null) {
            return known;
        }
        if (position < Superblock.SIZE || position > end - Short.BYTES) {
            throw new FormatException(NAME, position, "is not inside of the image, which ends at %d".formatted(end));
        }
        byte[] stored = image.read(NAME, position, (int) Math.min(Short.BYTES + MetadataWriter.BLOCK, end - position));
        int header = FieldReader.littleEndian(NAME, stored, position).u16("size");
        int size = header & ~MetadataWriter.RAW;
        if (size == 0 || size > MetadataWriter.BLOCK || size > stored.length - Short.BYTES) {
            throw new FormatException(NAME, position, "a size of %d bytes".formatted(size));
        }
        byte[] content;
        if ((header & MetadataWriter.RAW) != 0) {
            content = java.util.Arrays.copyOfRange(stored, Short.BYTES, Short.BYTES + size);
        } else {
            content =
                    Decompression.block(NAME, position, decompressor, stored, Short.BYTES, size, MetadataWriter.BLOCK);
        }
        Block block = new Block(position, content, position + Short.BYTES + size);
        cache.put(position, block);
        return block;
    }

    private static final class Block {
        final long position;
        final byte[] content;

        /** Where the next block starts, absolute, in bytes. */
        final long next;

        Block(long position, byte[] content, long next) {
            this.position = position;
            this.content = content;
            this.next = next;
        }
    }

    /** Not thread-safe. */
    final class Cursor {
        private Block current;
        private int offset;

        private Cursor(Place place) throws IOException {
            this.current = block(place.block());
            this.offset = place.offset();
            if (offset > current.content.length) {
                throw new FormatException(
                        NAME,
                        place.block(),
                        "has %d bytes, %d are pointed at".formatted(current.content.length, offset));
            }
        }

        /** For messages: where the block starts, as what is in it has no offset in the image. */
        long position() {
            return current.position;
        }

        /** Where the next byte comes from. */
        Place place() {
            return new Place(current.position, offset);
        }

        /** The next {@code size} bytes; {@code size} has been checked to be small. */
        byte[] read(int size) throws IOException {
            byte[] bytes = new byte[size];
            for (int done = 0; done < size; ) {
                if (offset == current.content.length) {
                    current = block(current.next);
                    offset = 0;
                }
                int count = Math.min(size - done, current.content.length - offset);
                System.arraycopy(current.content, offset, bytes, done, count);
                offset += count;
                done += count;
            }
            return bytes;
        }
    }
}
