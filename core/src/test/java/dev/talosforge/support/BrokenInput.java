package dev.talosforge.support;

import dev.talosforge.bytes.ByteSource;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;

/** Feeds cut and damaged copies to a reader: only an {@link IOException} may come out of it. */
public final class BrokenInput {
    /** While someone works on a change, every eighth is enough: what that leaves out runs in the lane of all tests. */
    private static final int THINNED = Integer.getInteger("lane.damage", 1);

    private static final int FLIPS = 2000 / THINNED;

    private BrokenInput() {}

    /** Reads one source. */
    @FunctionalInterface
    public interface Reader {
        void read(ByteSource source) throws IOException;
    }

    /** Cuts in steps, then flips bits within the first {@code window} bytes. */
    public static void feed(byte[] good, int step, int window, Reader reader) {
        for (int length = 0; length < good.length; length += step * THINNED) {
            attempt(Arrays.copyOf(good, length), "cut at " + length, reader);
        }
        Random random = new Random(42);
        for (int i = 0; i < FLIPS; i++) {
            byte[] bad = good.clone();
            int at = random.nextInt(window);
            int bit = random.nextInt(8);
            bad[at] ^= (byte) (1 << bit);
            attempt(bad, "bit %d of byte %d".formatted(bit, at), reader);
        }
    }

    private static void attempt(byte[] bytes, String what, Reader reader) {
        try {
            reader.read(ByteSource.of(bytes));
        } catch (IOException expected) {
            // the one way out
        } catch (RuntimeException | Error e) {
            throw new AssertionError(what, e);
        }
    }
}
