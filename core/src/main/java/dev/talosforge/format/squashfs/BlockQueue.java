package dev.talosforge.format.squashfs;

import dev.talosforge.bytes.BlockCompressor;
import dev.talosforge.bytes.ByteSink;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Compresses blocks in parallel and writes them in their original order.
 *
 * <p>A bounded number is in flight, so memory does not grow with the image. Used by one thread; only compression runs
 * on the executor. A thread that waits for a block compresses it itself if nobody has started, so an executor that is
 * busy, or whose threads all wait here, cannot block the work.
 */
final class BlockQueue {
    /** The most data in flight, before compression, in bytes. */
    private static final int WINDOW = 8 << 20;

    private static final int MIN_BLOCKS = 4;
    private static final int MAX_BLOCKS = 64;

    private final BlockCompressor compressor;
    private final Executor executor;
    private final ByteSink out;
    private final int blockSize;
    private final int capacity;
    private final Deque<Pending> pending = new ArrayDeque<>();
    private final Deque<byte[]> unused = new ArrayDeque<>();

    BlockQueue(SquashfsOptions options, Executor executor, ByteSink out) {
        this.compressor = options.compressor();
        this.executor = executor;
        this.out = out;
        this.blockSize = options.blockSize();
        this.capacity = Math.clamp(WINDOW / blockSize, MIN_BLOCKS, MAX_BLOCKS);
    }

    /** Receives the position of a block. */
    interface Receiver {
        void stored(long position, SizeWord size);
    }

    /** A buffer for one block, to be returned with {@link #add}. Its content is arbitrary. */
    byte[] buffer() {
        byte[] buffer = unused.poll();
        return buffer == null ? new byte[blockSize] : buffer;
    }

    /** Takes the first {@code length} bytes of a {@link #buffer}, which then belongs to the queue. */
    void add(byte[] block, int length, Receiver receiver) throws IOException {
        if (pending.size() >= capacity) {
            drainOne();
        }
        FutureTask<byte[]> task = new FutureTask<>(() -> compressor.compress(block, 0, length));
        pending.add(new Pending(block, length, task, receiver));
        executor.execute(task);
    }

    /** Adds a block of zeros, which keeps its place in the order but takes no space. Returns the buffer. */
    void addHole(byte[] block, Receiver receiver) throws IOException {
        if (pending.size() >= capacity) {
            drainOne();
        }
        pending.add(new Pending(block, 0, null, receiver));
    }

    /** Writes everything that is left. */
    void drain() throws IOException {
        while (!pending.isEmpty()) {
            drainOne();
        }
    }

    /** After a failure: compresses nothing that has not been started. */
    void cancel() {
        for (Pending block : pending) {
            if (block.task() != null) {
                block.task().cancel(false);
            }
        }
        pending.clear();
    }

    private void drainOne() throws IOException {
        Pending block = pending.remove();
        long position = out.position();
        SizeWord size = SizeWord.HOLE;
        if (block.task() != null) {
            byte[] compressed = result(block.task());
            boolean raw = compressed.length >= block.length();
            out.bytes(raw ? Arrays.copyOf(block.bytes(), block.length()) : compressed);
            size = new SizeWord(raw ? block.length() : compressed.length, raw);
        }
        unused.push(block.bytes());
        block.receiver().stored(position, size);
    }

    private static byte[] result(FutureTask<byte[]> task) throws IOException {
        task.run(); // does nothing if it was started
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while compressing a block");
        } catch (ExecutionException e) {
            throw new IllegalStateException("squashfs: cannot compress a block", e.getCause());
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared, never leaves the queue
    private record Pending(
            byte[] bytes, int length, @Nullable FutureTask<byte[]> task, Receiver receiver) {}
}
