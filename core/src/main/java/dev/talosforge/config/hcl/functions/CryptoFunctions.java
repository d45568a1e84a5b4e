package dev.talosforge.config.hcl.functions;

import dev.talosforge.config.hcl.eval.Arguments;
import dev.talosforge.config.hcl.eval.Function;
import dev.talosforge.config.hcl.value.FunctionFailure;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.problem.Problem.Kind;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;

/** {@code rsadecrypt}: RSA with the padding of PKCS #1 version 1.5. */
final class CryptoFunctions {
    private static final Pattern PEM =
            Pattern.compile("-----BEGIN ([A-Z ]+)-----\\s+([A-Za-z0-9+/=\\s]+)-----END \\1-----\\s*");

    /** Version 0 and the algorithm rsaEncryption, in front of the key in PKCS #8. RFC 5208. */
    private static final byte[] RSA_PREFIX = HexFormat.of().parseHex("020100300d06092a864886f70d0101010500");

    private CryptoFunctions() {}

    static List<Function> all() {
        return List.of(Function.of("rsadecrypt(ciphertext, privatekey)", CryptoFunctions::decrypt));
    }

    private static Value decrypt(Arguments arguments) {
        byte[] hidden = EncodingFunctions.fromBase64(arguments);
        PrivateKey key = key(arguments);
        try {
            Cipher cipher = Cipher.getInstance("RSA/ECB/PKCS1Padding");
            cipher.init(Cipher.DECRYPT_MODE, key);
            return Value.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(cipher.doFinal(hidden)))
                    .toString());
        } catch (GeneralSecurityException e) {
            throw arguments.failure(0, "this key does not decrypt it");
        } catch (CharacterCodingException e) {
            throw arguments.failure(0, "the decrypted content is not UTF-8 text");
        }
    }

    private static PrivateKey key(Arguments arguments) {
        Matcher pem = PEM.matcher(arguments.text(1));
        if (!pem.matches()) {
            throw arguments.failure(1, "it is not a private key in PEM form without a passphrase");
        }
        if (pem.group(1).equals("OPENSSH PRIVATE KEY")) {
            throw new FunctionFailure(
                    Kind.NOT_SUPPORTED,
                    1,
                    "keys in OpenSSH's own form are not supported",
                    "write it as PEM: ssh-keygen -p -N '' -m PEM -f KEY");
        }
        try {
            byte[] der = Base64.getMimeDecoder().decode(pem.group(2));
            byte[] pkcs8 = pem.group(1).equals("RSA PRIVATE KEY") ? wrapped(der) : der;
            return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw arguments.failure(1, "it is not an RSA private key");
        }
    }

    private static byte[] wrapped(byte[] pkcs1) {
        ByteArrayOutputStream inner = new ByteArrayOutputStream();
        inner.writeBytes(RSA_PREFIX);
        inner.writeBytes(element(0x04, pkcs1));
        return element(0x30, inner.toByteArray());
    }

    /** Tag, length in three bytes, content. */
    private static byte[] element(int tag, byte[] content) {
        int length = content.length;
        return ByteBuffer.allocate(5 + length)
                .put(new byte[] {(byte) tag, (byte) 0x83, (byte) (length >> 16), (byte) (length >> 8), (byte) length})
                .put(content)
                .array();
    }
}
