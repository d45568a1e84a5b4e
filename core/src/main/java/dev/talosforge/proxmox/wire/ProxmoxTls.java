package dev.talosforge.proxmox.wire;

import dev.talosforge.bytes.OpenFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** How to recognize the Proxmox server. */
public sealed interface ProxmoxTls {
    /** The JDK's trusted authorities. */
    record SystemTrust() implements ProxmoxTls {}

    /** Only the authorities in a PEM file, such as a cluster's {@code /etc/pve/pve-root-ca.pem}. */
    record Authority(Path pem) implements ProxmoxTls {}

    /**
     * Only this server certificate, whatever name it carries. It stops matching when Proxmox renews the certificate,
     * every two years at the latest; the authority does not.
     *
     * @param sha256 of the certificate's DER form, hexadecimal, with or without colons
     */
    record Fingerprint(String sha256) implements ProxmoxTls {
        private static final Pattern HEX = Pattern.compile("[0-9A-F]{64}");

        public Fingerprint {
            sha256 = sha256.replace(":", "").strip().toUpperCase(Locale.ROOT);
            if (!HEX.matcher(sha256).matches()) {
                throw new IllegalArgumentException(
                        "a fingerprint is the SHA-256 of a certificate, 64 hexadecimal digits");
            }
        }
    }

    /** Anybody. Only on request. */
    record Insecure() implements ProxmoxTls {}

    /** Whether the name in the certificate must be the host's. */
    default boolean checksName() {
        return switch (this) {
            case SystemTrust() -> true;
            case Authority(var pem) -> true;
            case Fingerprint(var sha256) -> false;
            case Insecure() -> false;
        };
    }

    /**
     * For client sockets.
     *
     * @throws IOException if the file of authorities cannot be read or contains none
     */
    default SSLContext context() throws IOException {
        try {
            ServerTrust.Check check = switch (this) {
                case SystemTrust() -> known(null);
                case Authority(var pem) -> known(authorities(pem));
                case Fingerprint(var sha256) -> (chain, type, socket) -> pinned(chain, sha256);
                case Insecure() -> (chain, type, socket) -> {};
            };
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new ServerTrust(check)}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("TLS cannot be set up: " + e.getMessage(), e);
        }
    }

    /** @param store of authorities; null for those of the runtime */
    private static ServerTrust.Check known(@Nullable KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager known) {
                return (chain, type, socket) -> {
                    if (socket == null) {
                        known.checkServerTrusted(chain, type);
                    } else {
                        known.checkServerTrusted(chain, type, socket);
                    }
                };
            }
        }
        throw new GeneralSecurityException("the runtime has no check for certificates");
    }

    private static KeyStore authorities(Path pem) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int count = 0;
        if (!Files.isRegularFile(pem)) {
            throw new IOException("there is no file " + pem);
        }
        try (InputStream in = new ByteArrayInputStream(OpenFile.read(pem))) {
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("ca" + count++, certificate);
            }
        } catch (CertificateException e) {
            throw new IOException(pem + " contains no certificate in PEM format", e);
        }
        if (count == 0) {
            throw new IOException(pem + " contains no certificate");
        }
        return store;
    }

    private static void pinned(X509Certificate[] chain, String sha256) throws CertificateException {
        String found = fingerprint(chain[0]);
        if (!found.replace(":", "").equals(sha256)) {
            throw new CertificateException("the certificate's SHA-256 is " + found + ", not the pinned one");
        }
    }

    /** As Proxmox writes it: {@code AB:CD:…}. */
    static String fingerprint(X509Certificate certificate) throws CertificateException {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
            return HexFormat.ofDelimiter(":").withUpperCase().formatHex(digest);
        } catch (GeneralSecurityException e) {
            throw e instanceof CertificateException same ? same : new CertificateException(e);
        }
    }
}
