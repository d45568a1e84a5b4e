package dev.talosforge.format.compress;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.talosforge.bytes.ByteSource;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Formats that people use but this program does not read, recognised by their first bytes, so that a message can name
 * them.
 */
public enum OtherFormat {
    BZIP2("compressed with bzip2", "BZh"),
    LZ4("compressed with lz4", "\u0004\"M\u0018", "\u0002!L\u0018"),
    LZIP("compressed with lzip", "LZIP"),
    LZOP("compressed with lzop", "\u0089LZO"),
    LZMA("compressed with lzma", "]\0\0"),
    COMPRESS("compressed with compress", "\u001f\u009d"),
    ZIP("a zip archive", "PK\u0003\u0004", "PK\u0005\u0006"),
    SEVEN_ZIP("a 7z archive", "7z\u00bc\u00af'\u001c"),
    RAR("a rar archive", "Rar!\u001a\u0007"),
    DEB("a Debian package", "!<arch>\ndebian"),
    AR("an ar archive", "!<arch>\n"),
    RPM("an RPM package", "\u00ed\u00ab\u00ee\u00db"),
    CPIO("a cpio archive", "070701", "070702", "070707"),
    SQUASHFS("a SquashFS image", "hsqs"),
    ELF("a program", "\u007fELF"),
    SCRIPT("a script", "#!"),
    HTML("an HTML page", "<!DOCTYPE", "<!doctype", "<html");

    private static final int PROBE = 16;
    private static final String SEPARATOR = "\r";

    private final String words;
    /** One character per byte; several are separated by a carriage return, which occurs in none. */
    private final String marks;

    OtherFormat(String words, String... marks) {
        this.words = words;
        this.marks = String.join(SEPARATOR, marks);
    }

    /** As in "it is a zip archive". */
    public String words() {
        return words;
    }

    /** Null if the format is not recognised. */
    public static @Nullable OtherFormat of(ByteSource file) throws IOException {
        return of(file.read("file", 0, (int) Math.min(PROBE, file.size())));
    }

    /** The same, from the first bytes. */
    static @Nullable OtherFormat of(byte[] head) {
        for (OtherFormat format : values()) {
            for (String mark : format.marks.split(SEPARATOR, -1)) {
                byte[] begin = mark.getBytes(ISO_8859_1);
                if (head.length >= begin.length && Arrays.equals(begin, 0, begin.length, head, 0, begin.length)) {
                    return format;
                }
            }
        }
        return null;
    }
}
