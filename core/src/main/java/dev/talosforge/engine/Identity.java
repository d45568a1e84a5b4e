package dev.talosforge.engine;

import dev.talosforge.bytes.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Everything a step's result depends on, as one digest: the step's name, its code revision, its options and the digests
 * of its inputs. Two steps with the same identity make the same bytes.
 *
 * <p>Every part is written with its length, so that different lists of parts never give the same bytes.
 */
public final class Identity {
    /** Raise this if the way identities are computed changes: no earlier result is then found. */
    private static final int FORMAT = 2;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);

    private Identity() {}

    /**
     * Starts an identity.
     *
     * @param revision of the step's code: raise it with every change that could change a byte of the result
     */
    public static Identity of(String step, int revision) {
        Identity identity = new Identity();
        identity.text("format").number(FORMAT).text(step).number(revision);
        return identity;
    }

    /** Adds an option that affects the result. */
    public Identity with(String name, String value) {
        return text(name).text(value);
    }

    public Identity with(String name, long value) {
        return text(name).number(value);
    }

    /** Adds an input by its content. */
    public Identity with(String name, Sha256 input) {
        return text(name).text(input.toString());
    }

    public Sha256 digest() {
        return Sha256.of(bytes.toByteArray());
    }

    private Identity text(String value) {
        byte[] utf8 = value.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        try {
            out.writeInt(utf8.length);
            out.write(utf8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    private Identity number(long value) {
        return text(Long.toString(value));
    }
}
