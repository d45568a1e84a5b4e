package dev.talosforge.registry;

import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.net.BodySink;
import dev.talosforge.net.HttpAnswer;
import dev.talosforge.net.IncomingFile;
import dev.talosforge.oci.Descriptor;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A blob on its way in: digested as it is written, beside its final name until it is whole and right. Closing it
 * without {@link #finish} leaves nothing behind.
 */
final class PartialFile implements BodySink, AutoCloseable {
    private static final String STRUCTURE = "blob";

    private final Descriptor descriptor;
    private final Path target;
    private final Path part;
    private final FileChannel channel;
    private final IncomingFile incoming;

    PartialFile(Descriptor descriptor, Path target) throws IOException {
        this.descriptor = descriptor;
        this.target = target.toAbsolutePath();
        Path directory = this.target.getParent();
        if (directory == null) {
            throw new IOException("not a file's name: " + target);
        }
        Files.createDirectories(directory);
        this.part = Files.createTempFile(directory, ".pull-", ".part");
        this.channel = FileChannel.open(part, StandardOpenOption.WRITE);
        this.incoming = new IncomingFile(channel);
    }

    /** Bytes that are here and digested. */
    synchronized long position() {
        return incoming.position();
    }

    /** The most that was ever here: a server without ranges starts from the beginning, and that is no progress. */
    synchronized long furthest() {
        return incoming.furthest();
    }

    @Override
    public synchronized void begin(HttpAnswer head) throws IOException {
        incoming.begin(head);
        Long length = head.contentLength();
        if (length != null && incoming.position() + length > descriptor.size()) {
            throw wrongSize(incoming.position() + length);
        }
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        if (incoming.position() + length > descriptor.size()) {
            throw wrongSize(incoming.position() + length);
        }
        incoming.write(bytes, offset, length);
    }

    private FormatException wrongSize(long found) {
        return new FormatException(
                STRUCTURE,
                0,
                "%s has at least %d bytes, its descriptor says %d"
                        .formatted(descriptor.digest(), found, descriptor.size()));
    }

    /** Checks size and digest and gives the file its name. */
    synchronized void finish() throws IOException {
        if (incoming.position() != descriptor.size()) {
            throw new FormatException(
                    STRUCTURE,
                    0,
                    "%s has %d bytes, its descriptor says %d"
                            .formatted(descriptor.digest(), incoming.position(), descriptor.size()));
        }
        Sha256 found = incoming.finish();
        if (!found.equals(descriptor.digest())) {
            throw new FormatException(
                    STRUCTURE, 0, "the content of %s has the digest %s".formatted(descriptor.digest(), found));
        }
        channel.force(true);
        channel.close();
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public synchronized void close() throws IOException {
        channel.close();
        Files.deleteIfExists(part);
    }
}
