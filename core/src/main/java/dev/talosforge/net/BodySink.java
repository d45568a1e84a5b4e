package dev.talosforge.net;

import java.io.IOException;

/**
 * Receives the body of a 2xx answer as it arrives. Called by one thread at a time, and never after
 * {@link HttpTransport#send} has returned or thrown.
 */
public interface BodySink {
    /**
     * The head has arrived: a chance to check status and lengths before the first byte.
     *
     * @throws IOException ends the transfer and is thrown to the sender
     */
    void begin(HttpAnswer head) throws IOException;

    void write(byte[] bytes, int offset, int length) throws IOException;
}
