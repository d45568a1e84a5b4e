package dev.talosforge.format.squashfs;

import dev.talosforge.bytes.BlockDecompressor;
import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FieldReader;
import dev.talosforge.bytes.FormatException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads what {@link MetadataWriter} writes. Caches a few blocks; thread-safe. */
final class MetadataReader {
    private static final String NAME = "squashfs metadata block";

    /** Blocks of 8 KiB. */
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
     * A position in a table.
     *
     * @param block offset of the metadata block, absolute, in bytes
     * @param offset in the block before compression, in bytes
     */
    record Place(long block, int offset) {}

    /** Reads from a position on, across blocks. */
    Cursor at(Place place) throws IOException {
        return new Cursor(place);
    }

    private synchronized Block block(long position) throws IOException {
        Block known = cache.get(position);
        if (known != null) {
            return known;
        }
        if (position < Superblock.SIZE || position > end - Short.BYTES) {
            throw new FormatException(NAME, position, "is outside the image, which ends at %d".formatted(end));
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

        /** Offset of the next block, absolute, in bytes. */
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
                        "has %d bytes, but a reference points to %d".formatted(current.content.length, offset));
            }
        }

        /** For messages: the block's offset, because its content has no offset in the image. */
        long position() {
            return current.position;
        }

        /** The position of the next byte. */
        Place place() {
            return new Place(current.position, offset);
        }

        /** The next {@code size} bytes; the caller has checked that {@code size} is small. */
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
