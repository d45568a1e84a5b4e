package dev.talosforge.registry;

import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.OpenFile;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.net.BodySink;
import dev.talosforge.net.HttpAnswer;
import dev.talosforge.net.HttpStatusException;
import dev.talosforge.net.IncomingFile;
import dev.talosforge.oci.Descriptor;
import java.io.IOException;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A blob that is being pulled: digested as it is written, and kept beside its final name until it is complete and
 * right. A partial blob stays for the next pull, under a name made of its digest and size. Of two concurrent pulls, one
 * continues it and the other starts a separate file.
 */
final class PartialFile implements BodySink, AutoCloseable {
    private static final String STRUCTURE = "blob";

    private final Descriptor descriptor;
    private final Path target;
    private final Path part;
    private final OpenFile channel;
    private final IncomingFile incoming;

    /** Whether it has the name that the next pull looks for. */
    private final boolean kept;

    private boolean done;

    private PartialFile(Descriptor descriptor, Path target, Path part, OpenFile channel, boolean kept)
            throws IOException {
        this.descriptor = descriptor;
        this.target = target;
        this.part = part;
        this.channel = channel;
        this.kept = kept;
        this.incoming = kept ? IncomingFile.goingOn(channel, descriptor.size()) : new IncomingFile(channel);
    }

    static PartialFile of(Descriptor descriptor, Path target) throws IOException {
        Path place = target.toAbsolutePath();
        Path directory = place.getParent();
        if (directory == null) {
            throw new IOException("not a file's name: " + target);
        }
        Files.createDirectories(directory);
        PartialFile earlier = earlier(descriptor, place, directory);
        if (earlier != null) {
            return earlier;
        }
        Path own = Files.createTempFile(directory, PullNames.PREFIX, PullNames.SUFFIX);
        return new PartialFile(descriptor, place, own, OpenFile.of(own, StandardOpenOption.WRITE), false);
    }

    /** Null if somebody else is using it. */
    private static @Nullable PartialFile earlier(Descriptor descriptor, Path target, Path directory)
            throws IOException {
        Path part = directory.resolve(PullNames.kept(descriptor));
        OpenFile channel =
                OpenFile.of(part, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            FileLock lock = locked(channel);
            // the previous holder of the lock may have given the file its final name
            if (lock != null && Files.exists(part) && Files.size(part) == channel.size()) {
                return new PartialFile(descriptor, target, part, channel, true);
            }
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        return null;
    }

    private static @Nullable FileLock locked(OpenFile channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // another thread of this process
        }
    }

    /** The number of bytes written and digested. */
    synchronized long position() {
        return incoming.position();
    }

    /** The most bytes there ever were: a server without ranges starts over, which is not progress. */
    synchronized long furthest() {
        return incoming.furthest();
    }

    @Override
    public synchronized void begin(HttpAnswer head) throws IOException {
        if (RegistryErrors.isWebPage(head)) {
            throw new HttpStatusException(head);
        }
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

    /** Larger than the blob: useless. */
    private FormatException wrongSize(long found) throws IOException {
        incoming.restart();
        return new FormatException(
                STRUCTURE,
                0,
                "%s has at least %d bytes; its descriptor says %d"
                        .formatted(descriptor.digest(), found, descriptor.size()));
    }

    /**
     * Checks size and digest and gives the file its final name.
     *
     * @return the failure if the bytes are wrong: they are discarded and the pull starts over; null on success
     */
    synchronized @Nullable FormatException finish() throws IOException {
        if (incoming.position() != descriptor.size()) {
            throw new FormatException(
                    STRUCTURE,
                    0,
                    "%s has %d bytes; its descriptor says %d"
                            .formatted(descriptor.digest(), incoming.position(), descriptor.size()));
        }
        Sha256 found = incoming.finish();
        if (!found.equals(descriptor.digest())) {
            incoming.restart();
            return new FormatException(
                    STRUCTURE, 0, "the content of %s has the digest %s".formatted(descriptor.digest(), found));
        }
        channel.force();
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        done = true;
        return null;
    }

    @Override
    public synchronized void close() throws IOException {
        try {
            if (!done && (!kept || incoming.position() == 0)) {
                Files.deleteIfExists(part);
            }
        } finally {
            channel.close();
        }
    }
}
