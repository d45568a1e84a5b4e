package dev.talosforge.proxmox.wire;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Trusts servers according to its check, and keeps what an untrusted server presented, for those who have to fix it.
 * Extended so that the JDK adds no check of its own.
 */
final class ServerTrust extends X509ExtendedTrustManager {
    private final Check check;

    /** Rejects by an exception. */
    @FunctionalInterface
    interface Check {
        /**
         * Throws for a server that is not trusted.
         *
         * @param socket whose parameters say whether the name counts; null if unknown
         */
        void run(X509Certificate[] chain, String type, @Nullable Socket socket) throws CertificateException;
    }

    /** A certificate that is not trusted. */
    static final class Untrusted extends CertificateException {
        private final transient X509Certificate[] chain;

        Untrusted(X509Certificate[] chain, CertificateException cause) {
            super(cause.getMessage(), cause);
            this.chain = chain.clone();
        }

        /** The server's own certificate first. */
        X509Certificate[] chain() {
            return chain.clone();
        }
    }

    ServerTrust(Check check) {
        this.check = check;
    }

    private void server(X509Certificate[] chain, String type, @Nullable Socket socket) throws Untrusted {
        try {
            check.run(chain, type, socket);
        } catch (CertificateException e) {
            throw new Untrusted(chain, e);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        server(chain, type, null);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        server(chain, type, socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        server(chain, type, null);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        throw new CertificateException("no clients here");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        throw new CertificateException("no clients here");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        throw new CertificateException("no clients here");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
