package dev.talosforge.net;

import dev.talosforge.bytes.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.security.MessageDigest;

/**
 * Writes an incoming body to a file, digests it on the way, and resumes after a break. Its owner bounds it, lets one
 * thread at a time use it, and keeps ownership of the channel.
 */
public final class IncomingFile {
    private static final int BUFFER = 1 << 16;

    private final SeekableByteChannel channel;
    private MessageDigest digest = Sha256.begin();
    private long position;
    private long furthest;

    /** Starts at the beginning of an empty channel. */
    public IncomingFile(SeekableByteChannel channel) {
        this.channel = channel;
    }

    /**
     * Continues after what the channel holds, which is read and digested first. If it holds more than the whole,
     * everything is discarded.
     *
     * @param whole size of the complete file, in bytes
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

    /** The number of bytes written and digested. */
    public long position() {
        return position;
    }

    /** The most bytes there ever were: a server without ranges starts over, which is not progress. */
    public long furthest() {
        return furthest;
    }

    /** Resumes after a break (206, RFC 9110, section 15.3.7); any other status starts over. */
    public void begin(HttpAnswer head) throws IOException {
        if (head.status() == 206) {
            String range = head.header("Content-Range");
            if (range == null || !range.strip().startsWith("bytes %d-".formatted(position))) {
                throw new IOException(
                        "requested the bytes from %d, but the server sends \"%s\"".formatted(position, range));
            }
        } else if (position > 0) {
            restart();
        }
    }

    /** Discards everything. */
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

    /** The digest of everything written; after this, only a restart may follow. */
    public Sha256 finish() {
        return Sha256.finish(digest);
    }
}
