package dev.talosforge.net;

import dev.talosforge.bytes.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.security.MessageDigest;

/**
 * A body on its way into a file: digested as it is written, and taken up where it broke. Its owner bounds it, and sees to
 * it that one thread at a time uses it. The channel stays the owner's.
 */
public final class IncomingFile {
    private static final int BUFFER = 1 << 16;

    private final SeekableByteChannel channel;
    private MessageDigest digest = Sha256.begin();
    private long position;
    private long furthest;

    /** One that begins at the channel's begin, which is empty. */
    public IncomingFile(SeekableByteChannel channel) {
        this.channel = channel;
    }

    /**
     * One that goes on behind what the channel has: that is read and digested. More than there can be of it is forgotten.
     *
     * @param whole bytes that there will be in the end
     */
    public static IncomingFile goingOn(SeekableByteChannel channel, long whole) throws IOException {
        IncomingFile file = new IncomingFile(channel);
        if (channel.size() > whole) {
            file.restart();
            return file;
        }
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        channel.position(0);
        for (int read = channel.read(buffer); read >= 0; read = channel.read(buffer.clear())) {
            file.digest.update(buffer.array(), 0, read);
            file.position += read;
        }
        file.furthest = file.position;
        return file;
    }

    /** Bytes that are here and digested. */
    public long position() {
        return position;
    }

    /** The most that was ever here: a server without ranges starts from the beginning, and that is no progress. */
    public long furthest() {
        return furthest;
    }

    /** Takes up where it broke (206, RFC 9110, section 15.3.7), else starts over with what comes. */
    public void begin(HttpAnswer head) throws IOException {
        if (head.status() == 206) {
            String range = head.header("Content-Range");
            if (range == null || !range.strip().startsWith("bytes %d-".formatted(position))) {
                throw new IOException(
                        "asked for the bytes from %d, the server sends \"%s\"".formatted(position, range));
            }
        } else if (position > 0) {
            restart();
        }
    }

    /** Forgets what is here. */
    public void restart() throws IOException {
        digest = Sha256.begin();
        position = 0;
        channel.truncate(0);
        channel.position(0);
    }

    public void write(byte[] bytes, int offset, int length) throws LocalFileException {
        try {
            ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        } catch (IOException e) {
            throw new LocalFileException(e);
        }
        digest.update(bytes, offset, length);
        position += length;
        furthest = Math.max(furthest, position);
    }

    /** Of all that is here; nothing can be written after it but a new beginning. */
    public Sha256 finish() {
        return Sha256.finish(digest);
    }
}
