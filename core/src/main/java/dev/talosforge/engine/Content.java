package dev.talosforge.engine;

import java.io.IOException;
import java.io.OutputStream;

/** Writes a file's bytes, once. */
@FunctionalInterface
public interface Content {
    void writeTo(OutputStream out) throws IOException;
}
