package dev.talosforge.proxmox;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
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
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Whom to believe that it is the Proxmox server. */
public sealed interface ProxmoxTls {
    /** The JDK's trusted authorities. */
    record SystemTrust() implements ProxmoxTls {}

    /** Only the authorities in a PEM file, such as a cluster's {@code /etc/pve/pve-root-ca.pem}. */
    record Authority(Path pem) implements ProxmoxTls {}

    /**
     * Only this server certificate, whatever name it carries. It breaks when Proxmox renews the certificate, every two
     * years at the latest; the authority does not.
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

    /** Anybody. Only when asked for. */
    record Insecure() implements ProxmoxTls {}

    /** Whether the name in the certificate has to be the host's. */
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
     * @throws IOException when the file of authorities cannot be read or holds none
     */
    default SSLContext context() throws IOException {
        try {
            TrustManager @Nullable [] trust = switch (this) {
                case SystemTrust() -> null;
                case Authority(var pem) -> authorities(pem);
                case Fingerprint(var sha256) -> new TrustManager[] {new Pinned(sha256)};
                case Insecure() -> new TrustManager[] {new Pinned(null)};
            };
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("TLS cannot be set up: " + e.getMessage(), e);
        }
    }

    private static TrustManager[] authorities(Path pem) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int count = 0;
        if (!Files.isRegularFile(pem)) {
            throw new IOException("there is no file of authorities " + pem);
        }
        try (InputStream in = Files.newInputStream(pem)) {
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("ca" + count++, certificate);
            }
        }
        if (count == 0) {
            throw new IOException(pem + " holds no certificate");
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    /** Believes one certificate, or with null all. Extended, so that the JDK adds no check of its own. */
    final class Pinned extends X509ExtendedTrustManager {
        private final @Nullable String sha256;

        Pinned(@Nullable String sha256) {
            this.sha256 = sha256;
        }

        private void check(X509Certificate[] chain) throws CertificateException {
            if (sha256 == null) {
                return;
            }
            try {
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(chain[0].getEncoded());
                String found = HexFormat.of().withUpperCase().formatHex(digest);
                if (!found.equals(sha256)) {
                    throw new CertificateException("the certificate's SHA-256 is " + found + ", not the pinned one");
                }
            } catch (GeneralSecurityException e) {
                throw e instanceof CertificateException same ? same : new CertificateException(e);
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("no clients here");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            throw new CertificateException("no clients here");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            throw new CertificateException("no clients here");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
