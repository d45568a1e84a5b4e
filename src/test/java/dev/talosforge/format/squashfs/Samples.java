package dev.talosforge.format.squashfs;

import java.util.Random;

/** Made-up content that is the same in every run. */
final class Samples {
    private Samples() {}

    /** Compresses to about half. */
    static byte[] text(int size, long seed) {
        Random random = new Random(seed);
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (i >= 64 && random.nextInt(4) != 0 ? bytes[i - 64] : 'a' + random.nextInt(26));
        }
        return bytes;
    }

    /** Does not compress. */
    static byte[] noise(int size, long seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
