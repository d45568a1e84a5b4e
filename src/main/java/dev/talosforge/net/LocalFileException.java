package dev.talosforge.net;

import java.io.IOException;

/** A file on this side could not be read or written while it was transferred: the network is not to blame. */
public final class LocalFileException extends IOException {
    public LocalFileException(IOException cause) {
        super(cause.getMessage() == null ? cause.toString() : cause.getMessage(), cause);
    }
}
