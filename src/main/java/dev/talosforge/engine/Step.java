package dev.talosforge.engine;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One node of work: makes blobs in the store and a result that names them.
 *
 * @param <T> the result
 */
public interface Step<T> {
    T make(Store store) throws IOException;

    /** The result as bytes; the same result gives the same bytes. */
    byte[] write(T result);

    /** The result back from its bytes, or null when a blob that it names is gone or the bytes are of another age. */
    @Nullable
    T read(byte[] bytes, Store store) throws IOException;

    /** What came out, in a few words; null where there is nothing to say. */
    default @Nullable String describe(T result) {
        return null;
    }
}
