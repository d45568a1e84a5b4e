package dev.talosforge.net;

import java.io.IOException;

/**
 * Takes the body of an answer with a 2xx status as it comes in. Called by one thread at a time, and by none any more
 * once {@link HttpTransport#send} has returned or thrown.
 */
public interface BodySink {
    /**
     * The head has arrived: a chance to look at status and lengths before the first byte.
     *
     * @throws IOException ends the transfer, and is what the sender gets
     */
    void begin(HttpAnswer head) throws IOException;

    void write(byte[] bytes, int offset, int length) throws IOException;
}
