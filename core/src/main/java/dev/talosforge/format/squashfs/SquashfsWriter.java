package dev.talosforge.format.squashfs;

import dev.talosforge.bytes.ByteSink;
import dev.talosforge.bytes.FieldWriter;
import dev.talosforge.bytes.OpenFile;
import dev.talosforge.tree.FileTree;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.IntFunction;

/**
 * Writes a SquashFS 4.0 image.
 *
 * <pre>
 *   superblock            96 bytes, written last: it holds the tables' positions
 *   compressor options    zstd only, unless the level is 15
 *   data, fragments       files in walk order, each content once
 *   inode table           leaves before directories, the root last
 *   directory table
 *   fragment table        blocks, then the positions of the blocks; so the next two
 *   export table
 *   id table
 *   extended attributes   only if there are labels: names and values, then a table as above with a header before its
 *                         positions
 *   padding               zeros up to a multiple of 4096
 * </pre>
 *
 * <p>The same tree and options give the same bytes, whatever the executor. A writer holds no state of an image and is
 * thread-safe.
 */
public final class SquashfsWriter {
    private static final int PADDING = 4096;

    /** Blocks may be shared by equal files; there is an export table. */
    private static final int FLAGS = 0x40 | 0x80;

    private static final int FLAG_COMPRESSOR_OPTIONS = 0x400;

    /** The zstd level that needs no compressor options. */
    private static final int ZSTD_DEFAULT_LEVEL = 15;

    private final SquashfsOptions options;
    private final Executor executor;

    /**
     * A writer of images.
     *
     * @param executor compresses blocks; {@code Runnable::run} does it in the calling thread
     */
    public SquashfsWriter(SquashfsOptions options, Executor executor) {
        this.options = options;
        this.executor = executor;
    }

    /** Writes to a file, replacing its content. Removes the file after a failure. */
    public void write(FileTree tree, Path file) throws IOException {
        boolean done = false;
        try (OpenFile out = OpenFile.of(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            write(tree, out);
            done = true;
        } finally {
            if (!done) {
                Files.deleteIfExists(file);
            }
        }
    }

    /**
     * Writes from the channel's position on, and leaves it at the end of the image. Content that the format cannot hold
     * is a {@link dev.talosforge.bytes.LimitException}, before anything is written.
     */
    public void write(FileTree tree, SeekableByteChannel out) throws IOException {
        SquashfsLayout layout = SquashfsLayout.of(tree, options);
        long base = out.position();
        ByteSink sink = ByteSink.over(Channels.newOutputStream(out));
        sink.zeros(Superblock.SIZE);
        byte[] compressorOptions = compressorOptions();
        sink.bytes(compressorOptions);

        BlockQueue queue = new BlockQueue(options, executor, sink);
        List<FragmentEntry> fragments;
        try {
            fragments = new ContentWriter(queue, options.blockSize()).write(layout.contents());
        } finally {
            queue.cancel();
        }
        Superblock superblock = tables(layout, fragments, sink, compressorOptions.length > 0);
        sink.alignTo(PADDING).flush();
        long end = out.position();
        out.position(base);
        ByteSink.over(Channels.newOutputStream(out))
                .bytes(superblock.encode().toBytes())
                .flush();
        out.position(end);
    }

    private byte[] compressorOptions() {
        if (options.compression() != CompressionId.ZSTD || options.level() == ZSTD_DEFAULT_LEVEL) {
            return new byte[0];
        }
        return FieldWriter.littleEndian("squashfs zstd options", Short.BYTES + Integer.BYTES)
                .u16("header", Integer.BYTES | MetadataWriter.RAW)
                .u32("compression_level", options.level())
                .toBytes();
    }

    private Superblock tables(
            SquashfsLayout layout, List<FragmentEntry> fragments, ByteSink sink, boolean compressorOptions)
            throws IOException {
        MetadataWriter inodes = new MetadataWriter(options.compressor());
        MetadataWriter directories = new MetadataWriter(options.compressor());
        LabelTable labels = LabelTable.of(layout.inodes());
        new InodeWriter(layout, labels, inodes, directories).write(layout.inodes());
        long inodeTable = sink.position();
        sink.bytes(inodes.finish());
        long directoryTable = sink.position();
        sink.bytes(directories.finish());
        long fragmentTable = table(
                sink,
                FragmentEntry.SIZE,
                fragments.size(),
                i -> fragments.get(i).encode().toBytes());
        List<Node> nodes = layout.inodes();
        long exportTable = table(
                sink,
                Long.BYTES,
                nodes.size(),
                i -> littleEndian(Long.BYTES).putLong(nodes.get(i).reference).array());
        List<Long> ids = layout.ids();
        long idTable = table(
                sink,
                Integer.BYTES,
                ids.size(),
                i -> littleEndian(Integer.BYTES).putInt(ids.get(i).intValue()).array());
        long xattrTable = labels.isEmpty() ? Superblock.ABSENT : xattrs(labels, sink);
        return new Superblock(
                layout.inodes().size(),
                options.modified(),
                options.blockSize(),
                fragments.size(),
                options.compression().number(),
                compressorOptions ? FLAGS | FLAG_COMPRESSOR_OPTIONS : FLAGS,
                layout.ids().size(),
                layout.inodes().getLast().reference,
                sink.position(),
                idTable,
                xattrTable,
                inodeTable,
                directoryTable,
                fragmentTable,
                exportTable);
    }

    /** Returns the header's position. */
    private long xattrs(LabelTable labels, ByteSink sink) throws IOException {
        long start = sink.position();
        MetadataWriter pairs = new MetadataWriter(options.compressor());
        List<XattrSet> sets = labels.write(pairs);
        sink.bytes(pairs.finish());
        List<Long> positions = blocks(
                sink, XattrSet.SIZE, sets.size(), i -> sets.get(i).encode().toBytes());
        long header = sink.position();
        sink.bytes(new XattrHeader(start, sets.size()).encode().toBytes());
        positions(sink, positions);
        return header;
    }

    /** Writes metadata blocks, then their absolute positions; returns the position of the latter. */
    private long table(ByteSink sink, int size, int count, IntFunction<byte[]> element) throws IOException {
        List<Long> positions = blocks(sink, size, count, element);
        long start = sink.position();
        positions(sink, positions);
        return start;
    }

    private static void positions(ByteSink sink, List<Long> positions) throws IOException {
        for (long position : positions) {
            sink.bytes(littleEndian(Long.BYTES).putLong(position).array());
        }
    }

    private List<Long> blocks(ByteSink sink, int size, int count, IntFunction<byte[]> element) throws IOException {
        List<Long> positions = new ArrayList<>();
        int perBlock = MetadataWriter.BLOCK / size;
        for (int from = 0; from < count; from += perBlock) {
            int to = Math.min(from + perBlock, count);
            ByteBuffer block = ByteBuffer.allocate((to - from) * size);
            for (int i = from; i < to; i++) {
                block.put(element.apply(i));
            }
            positions.add(sink.position());
            sink.bytes(MetadataWriter.encode(options.compressor(), block.array(), block.capacity()));
        }
        return positions;
    }

    private static ByteBuffer littleEndian(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
