package dev.talosforge.proxmox.wire;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.proxmox.api.ContentType;
import java.nio.charset.StandardCharsets;

/**
 * The multipart body of an upload, in the only order that the server accepts.
 * <pre>
 *   preamble   content, checksum-algorithm, checksum, headers of the file part and the blank line
 *   content
 *   tail       newline, close delimiter, newline
 * </pre>
 *
 * <p>The preamble is one buffer written at once: if a TLS record ends within the file part's headers, the server takes
 * the rest of them for content.
 */
public final class UploadBody {
    /** Upper bound of a TLS record's plain text; the preamble has to fit. */
    private static final int RECORD = 16 << 10;

    private final byte[] preamble;
    private final ByteSource content;
    private final byte[] tail;

    public UploadBody(String boundary, ContentType type, String fileName, ByteSource content, Sha256 sha256) {
        String start = "--" + boundary + "\r\nContent-Disposition: form-data; name=";
        this.preamble = (start + "\"content\"\r\n\r\n" + type.word() + "\r\n"
                        + start + "\"checksum-algorithm\"\r\n\r\nsha256\r\n"
                        + start + "\"checksum\"\r\n\r\n" + sha256.hex() + "\r\n"
                        + start + "\"filename\"; filename=\"" + fileName + "\"\r\n"
                        + "Content-Type: application/octet-stream\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        if (preamble.length > RECORD) {
            throw new IllegalArgumentException("the preamble of an upload does not fit into one TLS record");
        }
        this.content = content;
        this.tail = ("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    byte[] preamble() {
        return preamble.clone();
    }

    ByteSource content() {
        return content;
    }

    byte[] tail() {
        return tail.clone();
    }

    /** Of the whole body, in bytes. */
    long length() {
        return Math.addExact(Math.addExact(preamble.length, content.size()), tail.length);
    }
}
