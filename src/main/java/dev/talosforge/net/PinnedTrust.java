package dev.talosforge.net;

import dev.talosforge.bytes.Sha256;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts a server's own certificate by its fingerprint, or everybody. Extended on purpose: the runtime adds its check
 * of the host name to every other kind of trust manager, and a pinned certificate may carry any name.
 */
final class PinnedTrust extends X509ExtendedTrustManager {
    private final boolean everybody;
    private final List<String> fingerprints;

    PinnedTrust(boolean everybody, List<String> fingerprints) {
        this.everybody = everybody;
        this.fingerprints = fingerprints;
    }

    private void check(X509Certificate[] chain) throws CertificateException {
        if (everybody) {
            return;
        }
        String found = Sha256.of(chain[0].getEncoded()).hex();
        if (!fingerprints.contains(found)) {
            throw new CertificateException("the server's certificate has the fingerprint %s, pinned is %s"
                    .formatted(found, String.join(", ", fingerprints)));
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        throw new CertificateException("this is a client");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        throw new CertificateException("this is a client");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        throw new CertificateException("this is a client");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
