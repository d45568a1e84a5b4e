package dev.talosforge.talos.kernel;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.SortedMap;
import java.util.stream.Collectors;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** META values as the kernel arguments carry them: {@code 0x<key>=<value>} joined by {@code ;}, in base64. */
final class MetaValues {
    private static final int COMPRESS_FROM = 256;

    private MetaValues() {}

    /**
     * The text for {@code INSTALLER_META_BASE64}.
     *
     * @param compress whether a text of more than 256 bytes may be gzip-compressed
     */
    static String encode(SortedMap<Integer, String> values, boolean compress) {
        byte[] text = values.entrySet().stream()
                .map(value -> "0x%x=%s".formatted(value.getKey(), value.getValue()))
                .collect(Collectors.joining(";"))
                .getBytes(UTF_8);
        return Base64.getEncoder().encodeToString(compress && text.length > COMPRESS_FROM ? gzip(text) : text);
    }

    private static byte[] gzip(byte[] text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new Best(out)) {
            gzip.write(text);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot happen in memory", e);
        }
        return out.toByteArray();
    }

    private static final class Best extends GZIPOutputStream {
        Best(ByteArrayOutputStream out) throws IOException {
            super(out);
            def.setLevel(Deflater.BEST_COMPRESSION);
        }
    }
}
