package dev.talosforge.net;

import dev.talosforge.problem.FileRemedy;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Problem.Kind;
import dev.talosforge.problem.Where;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/** Explains why a request got no answer. */
public final class NetworkProblem {
    /** The status of a {@link Where.Remote} without an answer. */
    public static final int NO_ANSWER = 0;

    private NetworkProblem() {}

    /**
     * What stopped a request, worded for the person who can act.
     *
     * @param what "cannot push acme/installer:v1"
     */
    public static Problem explain(String what, String method, URI uri, IOException failure) {
        Where where = new Where.Remote(method, Redaction.of(uri), NO_ANSWER);
        String host = uri.getHost() == null ? uri.toString() : uri.getHost();
        String address = host + ":" + Hosts.port(uri);
        if (failure instanceof HttpStatusException answered) {
            return ofStatus(what, answered.answer());
        }
        if (find(failure, LocalFileException.class) != null) {
            return Problem.failed(Kind.ENVIRONMENT, what).because(text(failure)).trying(FileRemedy.of(failure));
        }
        if (find(failure, UnknownHostException.class) != null
                || find(failure, UnresolvedAddressException.class) != null) {
            return Problem.failed(Kind.UNAVAILABLE, what)
                    .because("the name %s does not resolve".formatted(host))
                    .at(where)
                    .trying("run: getent hosts " + host);
        }
        if (find(failure, HttpConnectTimeoutException.class) != null) {
            return Problem.failed(Kind.UNAVAILABLE, what)
                    .because("cannot connect to %s within the time limit".formatted(address))
                    .at(where)
                    .trying("check for a firewall or a proxy (HTTPS_PROXY) in between");
        }
        if (find(failure, ConnectException.class) != null) {
            return Problem.failed(Kind.UNAVAILABLE, what)
                    .because("%s refused the connection".formatted(address))
                    .at(where)
                    .trying("check that the server is running and the port is right");
        }
        if (find(failure, SSLException.class) != null) {
            return tls(what, where, address, failure);
        }
        if (failure instanceof StalledException stalled) {
            return Problem.failed(Kind.UNAVAILABLE, what)
                    .because("no data to or from %s for %d s"
                            .formatted(address, stalled.idle().toSeconds()))
                    .at(where)
                    .trying("run the same command again");
        }
        return Problem.failed(Kind.UNAVAILABLE, what)
                .because("the connection to %s broke: %s".formatted(address, text(failure)))
                .at(where)
                .trying("run the same command again");
    }

    /** An answer whose body has no error that we understand. */
    public static Problem ofStatus(String what, HttpAnswer answer) {
        Kind kind = switch (answer.status()) {
            case 401, 403, 407 -> Kind.REFUSED;
            case 408, 425, 429 -> Kind.UNAVAILABLE;
            default -> answer.status() >= 500 ? Kind.UNAVAILABLE : Kind.REFUSED;
        };
        String body = WebPage.words(answer);
        String why = body.isEmpty()
                ? "the server answered %d".formatted(answer.status())
                : WebPage.is(answer)
                        ? "the server answered %d with a web page, \"%s\"".formatted(answer.status(), body)
                        : "the server answered %d: %s".formatted(answer.status(), body);
        String remedy = answer.status() == 407 ? "check the user and the password in HTTPS_PROXY" : null;
        return Problem.failed(kind, what).because(why).at(remote(answer)).trying(remedy);
    }

    public static Where.Remote remote(HttpAnswer answer) {
        return new Where.Remote(answer.method(), Redaction.of(answer.uri()), answer.status());
    }

    private static Problem tls(String what, Where where, String address, IOException failure) {
        CertificateException certificate = find(failure, CertificateException.class);
        if (certificate != null) {
            String why = innermost(certificate);
            return Problem.failed(Kind.ENVIRONMENT, what)
                    .because("the certificate of %s is not trusted: %s".formatted(address, why))
                    .at(where)
                    .trying(trust(certificate, why));
        }
        SSLHandshakeException handshake = find(failure, SSLHandshakeException.class);
        String message = String.valueOf(failure.getMessage());
        boolean plain = message.contains("nrecognized SSL message") || message.contains("plaintext connection");
        return Problem.failed(handshake == null && !plain ? Kind.UNAVAILABLE : Kind.ENVIRONMENT, what)
                .because(
                        plain
                                ? "%s does not speak TLS".formatted(address)
                                : "no TLS connection to %s: %s".formatted(address, text(failure)))
                .at(where)
                .trying(
                        plain
                                ? "if it is meant to run without TLS, list it with http:// in TALOS_FORGE_REGISTRIES"
                                : null);
    }

    /** Another authority helps against neither of the other two. */
    private static String trust(CertificateException certificate, String why) {
        if (why.contains("No subject alternative") || why.contains("No name matching")) {
            return "use a name from the certificate, or get a certificate for this name";
        }
        boolean time = find(certificate, CertificateExpiredException.class) != null
                || find(certificate, CertificateNotYetValidException.class) != null;
        return time
                ? "renew the certificate, or correct this machine's clock"
                : "run: export TALOS_FORGE_CA_FILE=/path/to/its/authority.pem";
    }

    private static String innermost(Throwable failure) {
        Throwable t = failure;
        for (int depth = 0; t.getCause() != null && depth < 20; depth++) {
            t = t.getCause();
        }
        return Redaction.text(String.valueOf(t.getMessage()));
    }

    private static String text(IOException failure) {
        return Redaction.text(failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage());
    }

    private static <T extends Throwable> @Nullable T find(Throwable failure, Class<T> type) {
        int depth = 0;
        for (Throwable t = failure; t != null && depth < 20; t = t.getCause(), depth++) {
            if (type.isInstance(t)) {
                return type.cast(t);
            }
        }
        return null;
    }
}
