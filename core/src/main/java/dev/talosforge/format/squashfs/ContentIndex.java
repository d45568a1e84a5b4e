package dev.talosforge.format.squashfs;

import dev.talosforge.bytes.Sha256;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Contents by digest, for trees of many files: 44 bytes per content, where a map of digests takes 200. Its size is
 * fixed in advance.
 */
final class ContentIndex {
    private static final int WORDS = 4;
    private static final int FREE = -1;

    /** Digests in insertion order, four words each. */
    private final long[] digests;

    private final @Nullable FileContent[] contents;

    /** Hash table of positions in the above, by first word; at most half full. */
    private final int[] slots;

    private int count;

    ContentIndex(int capacity) {
        this.digests = new long[Math.multiplyExact(capacity, WORDS)];
        this.contents = new FileContent[capacity];
        this.slots = new int[Integer.highestOneBit(Math.max(1, capacity)) * WORDS];
        Arrays.fill(slots, FREE);
    }

    /** The first content with this digest; the given one if there was none. */
    FileContent first(Sha256 digest, FileContent content) {
        long[] words = new long[WORDS];
        for (int i = 0; i < WORDS; i++) {
            words[i] = HexFormat.fromHexDigitsToLong(digest.hex(), i * 16, (i + 1) * 16);
        }
        int slot = (int) words[0] & (slots.length - 1);
        while (slots[slot] != FREE) {
            int at = slots[slot];
            FileContent known = contents[at];
            if (known != null && Arrays.equals(digests, at * WORDS, (at + 1) * WORDS, words, 0, WORDS)) {
                return known;
            }
            slot = (slot + 1) & (slots.length - 1);
        }
        slots[slot] = count;
        System.arraycopy(words, 0, digests, count * WORDS, WORDS);
        contents[count++] = content;
        return content;
    }
}
