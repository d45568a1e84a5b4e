package dev.talosforge.format.squashfs;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Writes file contents: contents smaller than a block are packed together into fragment blocks; others become blocks of
 * their own, the last of which may be short.
 */
final class ContentWriter {
    private final BlockQueue queue;
    private final int blockSize;
    private final List<FragmentEntry> fragments = new ArrayList<>();
    private byte[] fragment;
    private int fragmentFill;
    private long fragmentNumber;

    ContentWriter(BlockQueue queue, int blockSize) {
        this.queue = queue;
        this.blockSize = blockSize;
        this.fragment = queue.buffer();
    }

    /** Sets every content's position. */
    List<FragmentEntry> write(List<FileContent> contents) throws IOException {
        for (FileContent content : contents) {
            try (InputStream in = content.source.open()) {
                if (content.size() < blockSize) {
                    pack(content, in);
                } else {
                    blocks(content, in);
                }
                if (in.read() >= 0) {
                    throw changed(content);
                }
            }
        }
        flushFragment();
        queue.drain();
        return fragments;
    }

    private void pack(FileContent content, InputStream in) throws IOException {
        int size = (int) content.size();
        if (size > blockSize - fragmentFill) {
            flushFragment();
        }
        fill(content, in, fragment, fragmentFill, size);
        content.fragment = fragmentNumber;
        content.fragmentOffset = fragmentFill;
        fragmentFill += size;
    }

    private void flushFragment() throws IOException {
        if (fragmentFill > 0) {
            queue.add(fragment, fragmentFill, (position, size) -> fragments.add(new FragmentEntry(position, size)));
            fragment = queue.buffer();
            fragmentFill = 0;
            fragmentNumber++;
        }
    }

    private void blocks(FileContent content, InputStream in) throws IOException {
        long left = content.size();
        for (int i = 0; i < content.blocks.length; i++) {
            int length = (int) Math.min(left, blockSize);
            byte[] block = queue.buffer();
            fill(content, in, block, 0, length);
            left -= length;
            int index = i;
            BlockQueue.Receiver receiver = (position, size) -> {
                content.blocks[index] = (int) size.word();
                if (index == 0) {
                    content.start = position;
                }
            };
            if (zeros(block, length)) {
                content.sparse += length;
                queue.addHole(block, receiver);
            } else {
                queue.add(block, length, receiver);
            }
        }
    }

    private static boolean zeros(byte[] block, int length) {
        return block[0] == 0 && Arrays.equals(block, 0, length - 1, block, 1, length);
    }

    private static void fill(FileContent content, InputStream in, byte[] into, int offset, int length)
            throws IOException {
        if (in.readNBytes(into, offset, length) != length) {
            throw changed(content);
        }
    }

    private static IOException changed(FileContent content) {
        return new IOException("source changed while it was being read: it no longer has the expected %d bytes"
                .formatted(content.size()));
    }
}
