package dev.talosforge.inspect;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.format.compress.Compression;
import dev.talosforge.format.compress.StreamEnd;
import dev.talosforge.format.pe.PeImage;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The format of a file, detected from its content, never from its name. */
enum Format {
    ISO,
    PE,
    SQUASHFS,
    /** An uncompressed archive, or the first bytes of a decompressed one. */
    CPIO,
    TAR,
    UNKNOWN;

    /** The offset of the first ISO 9660 volume descriptor; the space in front of it can hold the start of a disk. */
    private static final int VOLUME_DESCRIPTOR = 32768;

    private static final int TAR_MAGIC = 257;
    private static final int HEAD = TAR_MAGIC + 5;
    private static final int SHOWN = 8;

    static Format of(ByteSource file) throws IOException {
        if (begins(file, VOLUME_DESCRIPTOR + 1, "CD001")) {
            return ISO;
        }
        if (begins(file, 0, "hsqs")) {
            return SQUASHFS;
        }
        if (PeImage.isPe(file)) {
            return PE;
        }
        byte[] head = file.read("file", 0, (int) Math.min(HEAD, file.size()));
        Compression compression = Compression.of(head);
        if (compression == Compression.NONE) {
            return ofArchive(head);
        }
        // Only the first stream: a decoder that reads on fails at the next segment of an initramfs.
        ByteSource first = compression == Compression.GZIP ? file : file.slice(0, StreamEnd.of(file, 0, compression));
        try (InputStream in = compression.decoder().decode(first.open())) {
            return ofArchive(in.readNBytes(HEAD));
        }
    }

    private static Format ofArchive(byte[] head) {
        if (begins(head, 0, "070701") || begins(head, 0, "070702") || begins(head, 0, "070707")) {
            return CPIO;
        }
        return begins(head, TAR_MAGIC, "ustar") ? TAR : UNKNOWN;
    }

    /** The first bytes, for an error message; null if the file is empty. */
    static @Nullable String start(ByteSource file) throws IOException {
        int length = (int) Math.min(SHOWN, file.size());
        return length == 0 ? null : HexFormat.ofDelimiter(" ").formatHex(file.read("file", 0, length));
    }

    private static boolean begins(ByteSource file, int at, String text) throws IOException {
        return file.size() >= at + text.length() && begins(file.read("file", at, text.length()), 0, text);
    }

    private static boolean begins(byte[] bytes, int at, String text) {
        byte[] magic = text.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        return bytes.length >= at + magic.length && Arrays.equals(bytes, at, at + magic.length, magic, 0, magic.length);
    }
}
