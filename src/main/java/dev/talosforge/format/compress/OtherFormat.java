package dev.talosforge.format.compress;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.talosforge.bytes.ByteSource;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What people pack files in and nothing here reads, told by its first bytes: a person can do something about it. */
public enum OtherFormat {
    BZIP2("compressed by bzip2", "BZh"),
    LZ4("compressed by lz4", "\u0004\"M\u0018", "\u0002!L\u0018"),
    LZIP("compressed by lzip", "LZIP"),
    LZOP("compressed by lzop", "\u0089LZO"),
    LZMA("compressed by lzma", "]\0\0"),
    COMPRESS("compressed by compress", "\u001f\u009d"),
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
    HTML("a page in HTML", "<!DOCTYPE", "<!doctype", "<html");

    private static final int PROBE = 16;
    private static final String SEPARATOR = "\r";

    private final String words;
    /** One character a byte; several are told apart by a carriage return, which is in none. */
    private final String marks;

    OtherFormat(String words, String... marks) {
        this.words = words;
        this.marks = String.join(SEPARATOR, marks);
    }

    /** As in "it is a zip archive". */
    public String words() {
        return words;
    }

    /** Null where nothing is known of it. */
    public static @Nullable OtherFormat of(ByteSource file) throws IOException {
        return of(file.read("file", 0, (int) Math.min(PROBE, file.size())));
    }

    /** The same by the first bytes. */
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
