package dev.talosforge.net;

import java.io.IOException;

/** A local file could not be read or written during a transfer: the network is not at fault. */
public final class LocalFileException extends IOException {
    public LocalFileException(IOException cause) {
        super(cause.getMessage() == null ? cause.toString() : cause.getMessage(), cause);
    }
}
