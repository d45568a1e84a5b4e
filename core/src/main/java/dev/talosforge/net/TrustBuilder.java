package dev.talosforge.net;

import dev.talosforge.bytes.OpenFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Creates an {@link SSLContext} from {@link TlsSettings}. */
final class TrustBuilder {
    private static final int MAX_PEM_BYTES = 8 << 20;

    private TrustBuilder() {}

    /** @throws IOException if the file of authorities cannot be read or holds no certificate */
    static SSLContext context(TlsSettings settings) throws IOException {
        try {
            return context(managers(settings));
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot set up TLS: " + e.getMessage(), e);
        }
    }

    /** For connections that never use TLS: trusts nobody and reads nothing. */
    static SSLContext nobody() {
        try {
            return context(new TrustManager[] {new BlindTrust(false)});
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static SSLContext context(TrustManager @Nullable [] managers) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers, null);
        return context;
    }

    private static TrustManager @Nullable [] managers(TlsSettings settings)
            throws GeneralSecurityException, IOException {
        if (settings.insecure()) {
            return new TrustManager[] {new BlindTrust(true)};
        }
        Path authorities = settings.authorities();
        if (authorities == null) {
            return null;
        }
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int count = 0;
        for (TrustManager manager : ofStore(null)) {
            if (manager instanceof X509TrustManager system) {
                for (X509Certificate issuer : system.getAcceptedIssuers()) {
                    store.setCertificateEntry("system-" + count++, issuer);
                }
            }
        }
        for (Certificate certificate : read(authorities)) {
            store.setCertificateEntry("own-" + count++, certificate);
        }
        return ofStore(store);
    }

    private static TrustManager[] ofStore(@Nullable KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static Iterable<? extends Certificate> read(Path file) throws IOException {
        if (!Files.isReadable(file)) {
            throw new IOException(file + ": no such file, or it is not readable");
        }
        if (Files.size(file) > MAX_PEM_BYTES) {
            throw new IOException(
                    "%s: %d bytes; the limit for certificates is %d".formatted(file, Files.size(file), MAX_PEM_BYTES));
        }
        try (InputStream in = new ByteArrayInputStream(OpenFile.read(file))) {
            var certificates = CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (certificates.isEmpty()) {
                throw new IOException(file + ": no certificate in it");
            }
            return certificates;
        } catch (CertificateException e) {
            throw new IOException(file + ": not a PEM file of certificates: " + e.getMessage(), e);
        }
    }
}
