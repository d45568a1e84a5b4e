package dev.talosforge.config.hcl.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.talosforge.config.hcl.HclText;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import org.junit.jupiter.api.Test;

class CryptoFunctionsTest {
    /** Where the key of PKCS #1 begins in that of PKCS #8 for 2048 bits. */
    private static final int INNER = 26;

    @Test
    void decryptsWithBothFormsOfAKey() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair pair = generator.generateKeyPair();
        Cipher cipher = Cipher.getInstance("RSA/ECB/PKCS1Padding");
        cipher.init(Cipher.ENCRYPT_MODE, pair.getPublic());
        String hidden = Base64.getEncoder().encodeToString(cipher.doFinal("secret ü".getBytes(StandardCharsets.UTF_8)));
        byte[] pkcs8 = pair.getPrivate().getEncoded();
        byte[] pkcs1 = Arrays.copyOfRange(pkcs8, INNER, pkcs8.length);

        assertEquals("\"secret ü\"", decrypted(hidden, "PRIVATE KEY", pkcs8));
        assertEquals("\"secret ü\"", decrypted(hidden, "RSA PRIVATE KEY", pkcs1));
    }

    private static String decrypted(String hidden, String name, byte[] key) {
        String lines =
                Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key).replace("\n", "\\n");
        return HclText.json("rsadecrypt(\"%s\", \"-----BEGIN %s-----\\n%s\\n-----END %s-----\\n\")"
                .formatted(hidden, name, lines, name));
    }
}
