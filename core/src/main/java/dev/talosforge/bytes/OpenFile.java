package dev.talosforge.bytes;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A channel to a file that names the file in every failure. */
public final class OpenFile implements SeekableByteChannel {
    private final Path file;
    private final FileChannel channel;

    private OpenFile(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    public static OpenFile of(Path file, OpenOption... options) throws IOException {
        return new OpenFile(file, FileChannel.open(file, options));
    }

    /** All of a file. */
    public static byte[] read(Path file) throws IOException {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw NamedFailure.of(file, e);
        }
    }

    /**
     * Writes a file that only this program reads. Files that others may read appear complete, as a {@link WholeFile}.
     */
    public static void write(Path file, byte[] content, OpenOption... options) throws IOException {
        try {
            Files.write(file, content, options);
        } catch (IOException e) {
            throw NamedFailure.of(file, e);
        }
    }

    private interface Work<T extends @Nullable Object> {
        T done() throws IOException;
    }

    private <T extends @Nullable Object> T named(Work<T> work) throws IOException {
        try {
            return work.done();
        } catch (IOException e) {
            throw NamedFailure.of(file, e);
        }
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        return named(() -> channel.read(target));
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        return named(() -> channel.write(source));
    }

    @Override
    public long position() throws IOException {
        return named(channel::position);
    }

    @Override
    public OpenFile position(long position) throws IOException {
        named(() -> channel.position(position));
        return this;
    }

    @Override
    public long size() throws IOException {
        return named(channel::size);
    }

    @Override
    public OpenFile truncate(long size) throws IOException {
        named(() -> channel.truncate(size));
        return this;
    }

    /** Waits until everything is on disk. */
    public void force() throws IOException {
        named(() -> {
            channel.force(true);
            return true;
        });
    }

    /** Takes an exclusive lock; waits until nobody else has one. */
    public FileLock lock() throws IOException {
        return named(channel::lock);
    }

    /** Takes a shared lock; waits until nobody has an exclusive one. */
    public FileLock lockShared() throws IOException {
        return named(() -> channel.lock(0, Long.MAX_VALUE, true));
    }

    /** Takes an exclusive lock; null if another process has one. */
    public @Nullable FileLock tryLock() throws IOException {
        return this.<@Nullable FileLock>named(channel::tryLock);
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
        named(() -> {
            channel.close();
            return true;
        });
    }
}
