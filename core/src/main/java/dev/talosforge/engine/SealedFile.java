package dev.talosforge.engine;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.NewFileStream;
import dev.talosforge.bytes.Sha256;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A file for an identity that proves that it is complete, which identity it belongs to, and its purpose:
 *
 * <pre>
 *   body      anything
 *   seal      32 bytes: SHA-256 of the purpose, a zero, the identity's hexadecimal digits and the body
 * </pre>
 */
final class SealedFile {
    private static final int SEAL = 32;
    private static final int BUFFER = 1 << 16;

    private SealedFile() {}

    /** Writes it and forces it to disk. */
    static void write(Path file, String purpose, Sha256 identity, Content body) throws IOException {
        MessageDigest digest = begin(purpose, identity);
        try (NewFileStream out = NewFileStream.of(file)) {
            OutputStream sealed = new DigestOutputStream(new BufferedOutputStream(out, BUFFER), digest);
            body.writeTo(sealed);
            byte[] seal = digest.digest();
            sealed.write(seal);
            sealed.flush();
            out.sync();
        }
    }

    /** The body; null if the seal does not match: truncated, changed, or written for another identity. */
    static @Nullable ByteSource read(Path file, String purpose, Sha256 identity) throws IOException {
        ByteSource all = ByteSource.of(file);
        if (all.size() < SEAL) {
            return null;
        }
        ByteSource body = all.slice(0, all.size() - SEAL);
        MessageDigest digest = begin(purpose, identity);
        try (InputStream in = body.open()) {
            byte[] buffer = new byte[BUFFER];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                digest.update(buffer, 0, count);
            }
        }
        String seal = HexFormat.of().formatHex(all.read("seal", body.size(), SEAL));
        return seal.equals(Sha256.finish(digest).hex()) ? body : null;
    }

    private static MessageDigest begin(String purpose, Sha256 identity) {
        MessageDigest digest = Sha256.begin();
        digest.update((purpose + '\0' + identity.hex()).getBytes(StandardCharsets.US_ASCII));
        return digest;
    }
}
