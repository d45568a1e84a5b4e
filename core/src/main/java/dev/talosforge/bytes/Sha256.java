package dev.talosforge.bytes;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A SHA-256 digest. Stored as four words, because half a million files may each need one. */
public final class Sha256 implements Comparable<Sha256> {
    private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");
    private static final int DIGITS = 64;
    private static final int SHORT_DIGITS = 12;
    private static final int WORD = 16;
    private static final String PREFIX = "sha256:";

    /** Compares like the hexadecimal digits. */
    private static final Comparator<Sha256> ORDER = Comparator.<Sha256, Long>comparing(
                    d -> d.first, Long::compareUnsigned)
            .thenComparing(d -> d.second, Long::compareUnsigned)
            .thenComparing(d -> d.third, Long::compareUnsigned)
            .thenComparing(d -> d.fourth, Long::compareUnsigned);

    private final long first;
    private final long second;
    private final long third;
    private final long fourth;

    /**
     * A digest.
     *
     * @param hex 64 lower-case hexadecimal digits
     */
    public Sha256(String hex) {
        if (!HEX.matcher(hex).matches()) {
            throw new IllegalArgumentException("not a SHA-256 in lower-case hexadecimal: " + hex);
        }
        this.first = word(hex, 0);
        this.second = word(hex, 1);
        this.third = word(hex, 2);
        this.fourth = word(hex, 3);
    }

    private static long word(String hex, int number) {
        return HexFormat.fromHexDigitsToLong(hex, number * WORD, (number + 1) * WORD);
    }

    /** 64 lower-case hexadecimal digits. */
    public String hex() {
        HexFormat format = HexFormat.of();
        return format.toHexDigits(first)
                + format.toHexDigits(second)
                + format.toHexDigits(third)
                + format.toHexDigits(fourth);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Sha256 digest
                && first == digest.first
                && second == digest.second
                && third == digest.third
                && fourth == digest.fourth;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(first);
    }

    /** Parses the OCI form {@code sha256:…}; another algorithm or form is an {@link IllegalArgumentException}. */
    public static Sha256 parse(String text) {
        if (!text.startsWith(PREFIX)) {
            throw new IllegalArgumentException("not a sha256 digest: " + text);
        }
        return new Sha256(text.substring(PREFIX.length()));
    }

    /** As {@link #parse}; null for null, and for another algorithm or form. */
    public static @Nullable Sha256 tryParse(@Nullable String text) {
        return text == null || !text.startsWith(PREFIX) ? null : tryHex(text.substring(PREFIX.length()));
    }

    /** Parses 64 lower-case hexadecimal digits; null for null and for anything else. */
    public static @Nullable Sha256 tryHex(@Nullable String hex) {
        return hex == null || !HEX.matcher(hex).matches() ? null : new Sha256(hex);
    }

    /** Reads the hexadecimal digits; anything else is a {@link FormatException}. */
    public static Sha256 read(InputStream in) throws IOException {
        String hex = new String(in.readNBytes(DIGITS + 1), StandardCharsets.US_ASCII);
        if (!HEX.matcher(hex).matches()) {
            throw new FormatException("digest", 0, "not a SHA-256 in lower-case hexadecimal");
        }
        return new Sha256(hex);
    }

    public static Sha256 of(byte[] bytes) {
        return finish(begin(), bytes);
    }

    public static Sha256 of(ByteSource source) throws IOException {
        MessageDigest digest = begin();
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = source.open()) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                digest.update(buffer, 0, count);
            }
        }
        return finish(digest, new byte[0]);
    }

    /** A new digest to update piece by piece and end with {@link #finish}. */
    public static MessageDigest begin() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    public static Sha256 finish(MessageDigest digest, byte[] last) {
        return new Sha256(HexFormat.of().formatHex(digest.digest(last)));
    }

    public static Sha256 finish(MessageDigest digest) {
        return new Sha256(HexFormat.of().formatHex(digest.digest()));
    }

    /** The OCI form, {@code sha256:…}. */
    @Override
    public String toString() {
        return PREFIX + hex();
    }

    /** A short form for people: {@code sha256:} and twelve digits. */
    public String shortText() {
        return toString().substring(0, PREFIX.length() + SHORT_DIGITS);
    }

    @Override
    public int compareTo(Sha256 other) {
        return ORDER.compare(this, other);
    }
}
