package dev.talosforge.format.compress;

import io.airlift.compress.v3.zstd.ZstdJavaInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Decodes frames one after another: with the library if possible, which is faster, otherwise with our own decoder. */
final class ZstdInputStream extends InputStream {
    /** The largest window of the library's stream decoder, in bytes. */
    private static final long USUAL_WINDOW = 8L << 20;

    private final ZstdFrames frames;

    /** One decoder for all frames: at the end of a frame it waits for the next. */
    private final ZstdJavaInputStream usual;

    private @Nullable InputStream frame;

    ZstdInputStream(ZstdFrames frames) {
        this.frames = frames;
        this.usual = new ZstdJavaInputStream(frames);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        while (true) {
            if (frame == null) {
                if (!frames.next()) {
                    return -1;
                }
                frame = frames.window() <= USUAL_WINDOW ? usual : longFrame();
            }
            int count = frame.read(into, offset, length);
            if (count >= 0) {
                return count;
            }
            frame = null;
        }
    }

    private InputStream longFrame() {
        frames.skipHeader();
        return new ZstdLongFrame(frames);
    }

    @Override
    public void close() throws IOException {
        frames.close();
    }
}
