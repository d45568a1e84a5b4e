package dev.talosforge.format.squashfs;

import dev.talosforge.bytes.FormatException;
import java.util.Locale;

/** The compressions that an image may name. The caller's codecs decide which can be read or written. */
public enum CompressionId {
    /** Zlib streams. */
    GZIP(1),
    LZMA(2),
    LZO(3),
    XZ(4),
    LZ4(5),
    ZSTD(6);

    private final int number;

    CompressionId(int number) {
        this.number = number;
    }

    /** Its number in the superblock. */
    public int number() {
        return number;
    }

    static CompressionId of(int number) throws FormatException {
        for (CompressionId id : values()) {
            if (id.number == number) {
                return id;
            }
        }
        throw new FormatException(
                "squashfs superblock", 20, "compression is %d, which is not 1 to 6".formatted(number));
    }

    /** Its name in the reference tools. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
