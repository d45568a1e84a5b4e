package dev.talosforge.format.squashfs;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FieldReader;
import dev.talosforge.bytes.FormatException;
import java.io.IOException;
import java.io.InputStream;

/** A file in an image. Its block sizes are read along with the blocks, so they take no memory. */
final class StoredFile implements ByteSource {
    private final DataReader data;
    private final Inode.RegularFile inode;

    /** Position of the first block's size. */
    private final MetadataReader.Place sizes;

    StoredFile(DataReader data, Inode.RegularFile inode, MetadataReader.Place sizes) {
        this.data = data;
        this.inode = inode;
        this.sizes = sizes;
    }

    @Override
    public long size() {
        return inode.size();
    }

    @Override
    public InputStream openAt(long offset) throws IOException {
        if (offset < 0 || offset > size()) {
            throw new IllegalArgumentException("offset %d in %d bytes".formatted(offset, size()));
        }
        return new Blocks(offset);
    }

    private final class Blocks extends InputStream {
        private final int blockSize = data.blockSize();
        private final long blocks = inode.blocks(blockSize);
        private MetadataReader.Cursor words;
        private long index;
        private long position = inode.start();

        /** Position in the content, in bytes, at the end of {@link #current}. */
        private long end;

        private byte[] current = {};
        private int next;
        private int limit;

        Blocks(long offset) throws IOException {
            this.words = data.metadata().at(sizes);
            long skipped = Math.min(offset / blockSize, blocks);
            for (; index < skipped; index++) {
                position += word().size();
            }
            end = skipped * blockSize;
            if (offset > end) {
                load();
                next += (int) (offset - skipped * blockSize);
            }
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (next == limit) {
                if (end == size()) {
                    return -1;
                }
                load();
            }
            int count = Math.min(length, limit - next);
            System.arraycopy(current, next, into, offset, count);
            next += count;
            return count;
        }

        /** The next block, or the piece of a fragment that ends the file. Called only if there is more content. */
        private void load() throws IOException {
            int length = (int) Math.min(size() - end, blockSize);
            if (index < blocks) {
                SizeWord size = word();
                current = data.block(position, size, length);
                position += size.size();
                index++;
                next = 0;
            } else {
                current = data.fragment(inode.fragment());
                if (inode.offset() > current.length - length) {
                    throw new FormatException(
                            "squashfs inode",
                            sizes.block(),
                            "%d bytes at %d of fragment %d, which has %d"
                                    .formatted(length, inode.offset(), inode.fragment(), current.length));
                }
                next = (int) inode.offset();
            }
            limit = next + length;
            end += length;
        }

        private SizeWord word() throws IOException {
            long at = words.position();
            return SizeWord.of(
                    FieldReader.littleEndian("squashfs inode", words.read(Integer.BYTES), at)
                            .u32("block size"),
                    at);
        }
    }
}
