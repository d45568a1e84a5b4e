package dev.talosforge.proxmox;

import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Problem.Kind;
import dev.talosforge.problem.Where;
import java.io.IOException;
import java.net.URI;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Answers and broken connections as problems. What the server said is quoted, without our secret in it. */
final class Failure {
    private final ProxmoxLogin login;

    Failure(ProxmoxLogin login) {
        this.login = login;
    }

    /** For an answer that is not 2xx. */
    BuildException answer(String what, String method, URI uri, Reply reply, @Nullable String storage) {
        String why = clean(reply.explanation());
        Kind kind = kind(reply.status(), why);
        return new BuildException(
                new Problem(
                        kind, what, new Where.Remote(method, uri, reply.status()), why, remedy(reply, why, storage)),
                null);
    }

    private static Kind kind(int status, String why) {
        return switch (status) {
            case 401, 403 -> Kind.REFUSED;
            case 400 -> Kind.INVALID_INPUT;
            // Old servers answer 501 where newer ones answer 500.
            case 501 -> why.contains("failed") ? handler(why) : Kind.NOT_SUPPORTED;
            case 506 -> Kind.NOT_SUPPORTED;
            case 500 -> handler(why);
            default -> status >= 500 ? Kind.UNAVAILABLE : Kind.REFUSED;
        };
    }

    private static Kind handler(String why) {
        if (why.contains("hostname lookup") || why.matches(".*storage '.*' does not exist.*")) {
            return Kind.INVALID_INPUT;
        }
        if (why.contains("is disabled")
                || why.contains("is not available on node")
                || why.contains("can't upload to storage type")
                || why.contains("does not support")
                || why.contains("No space left")
                || why.contains("write to temporary file failed")) {
            return Kind.REFUSED;
        }
        return Kind.UNAVAILABLE;
    }

    private @Nullable String remedy(Reply reply, String why, @Nullable String storage) {
        if (reply.status() == 401) {
            return Remedy.credentials(login);
        }
        if (reply.status() == 413) {
            return "connect to the node itself, or raise the limit of the proxy in between (nginx: client_max_body_size 0)";
        }
        if (storage == null) {
            return null;
        }
        if (reply.status() == 403) {
            return Remedy.grantOnStorage(storage, null, login);
        }
        if (why.contains("is disabled")) {
            return Remedy.enable(storage);
        }
        for (ContentType type : ContentType.values()) {
            if (why.contains("does not support '%s'".formatted(type.word()))) {
                return Remedy.content(storage, "", type);
            }
        }
        if (why.contains("mount error") || why.contains("activate storage") || why.contains("is not online")) {
            return "on each node: pvesm status --storage " + storage;
        }
        if (why.contains("write to temporary file failed")) {
            return "free space in /var/tmp of the node that receives the upload: rm /var/tmp/pveupload-*";
        }
        return null;
    }

    /** For a connection that could not be made or ended early. */
    BuildException connection(String what, String method, URI uri, IOException e) {
        Throwable cause = e instanceof Wire.Unreachable ? e.getCause() : e;
        boolean tls = cause instanceof SSLException && certificate(cause);
        String text = cause instanceof java.net.UnknownHostException
                ? "no address for the name " + uri.getHost()
                : cause instanceof java.net.ConnectException && "Connection refused".equals(cause.getMessage())
                        ? "%s:%d refused the connection"
                                .formatted(uri.getHost(), uri.getPort() < 0 ? 443 : uri.getPort())
                        : cause == null || cause.getMessage() == null ? e.toString() : cause.getMessage();
        return new BuildException(
                new Problem(
                        tls ? Kind.ENVIRONMENT : Kind.UNAVAILABLE,
                        what,
                        new Where.Remote(method, uri, 0),
                        clean(text),
                        tls
                                ? "give the cluster's authority (/etc/pve/pve-root-ca.pem of any node) as CA file, or pin"
                                        + " the certificate's fingerprint"
                                : null),
                e);
    }

    /** Whether we refused the server, and not the other way round. */
    private static boolean certificate(Throwable cause) {
        for (Throwable at = cause; at != null; at = at.getCause()) {
            if (at instanceof java.security.cert.CertificateException
                    || at instanceof java.security.cert.CertPathBuilderException
                    || at instanceof java.security.cert.CertPathValidatorException) {
                return true;
            }
        }
        return false;
    }

    BuildException problem(Kind kind, String what, @Nullable Where where, String why, @Nullable String remedy) {
        return new BuildException(new Problem(kind, what, where, clean(why), remedy), null);
    }

    String clean(String text) {
        return text.replace(login.secret(), "***");
    }
}
