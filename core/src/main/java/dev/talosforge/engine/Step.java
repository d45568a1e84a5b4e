package dev.talosforge.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A unit of work: makes blobs in the store and a result that names them.
 *
 * @param <T> the result
 */
public interface Step<T> {
    T make(Store store) throws IOException;

    /** Writes the result; the same result gives the same bytes. */
    void write(T result, OutputStream out) throws IOException;

    /**
     * Reads back a complete result. Null if a blob that it names is gone or the bytes are of another format version; a
     * {@link dev.talosforge.bytes.FormatException} means the same.
     */
    @Nullable
    T read(InputStream in, Store store) throws IOException;

    /** The result in a few words; null if there is nothing to say. */
    default @Nullable String describe(T result) {
        return null;
    }
}
