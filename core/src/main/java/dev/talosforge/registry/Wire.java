package dev.talosforge.registry;

import dev.talosforge.net.BodySink;
import dev.talosforge.net.Hosts;
import dev.talosforge.net.HttpAnswer;
import dev.talosforge.net.HttpCall;
import dev.talosforge.net.HttpStatusException;
import dev.talosforge.net.HttpTransport;
import dev.talosforge.net.Retries;
import dev.talosforge.net.TlsSettings;
import dev.talosforge.oci.ImageReference;
import dev.talosforge.problem.BuildException;
import java.io.IOException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** Sends requests to registries: authorised, limited per host, and repeated if that may help. */
final class Wire {
    /** Concurrent requests per host; Docker and containerd use three. */
    private static final int PER_HOST = 4;

    private final HttpTransport transport;
    private final Retries retries;
    private final Authorizer authorizer;
    private final ConcurrentMap<String, Semaphore> hosts = new ConcurrentHashMap<>();

    Wire(HttpTransport transport, Retries retries, Authorizer authorizer) {
        this.transport = transport;
        this.retries = retries;
        this.authorizer = authorizer;
    }

    Retries retries() {
        return retries;
    }

    /** Explains a refusal, naming the login that was refused. */
    BuildException refused(String what, ImageReference reference, Line line, HttpAnswer answer) {
        return RegistryErrors.refused(what, reference, line.endpoint(), answer, authorizer.login(line));
    }

    /** Sends a request until its answer is final. */
    HttpAnswer ask(Line line, HttpCall call) throws IOException, InterruptedException {
        return retries.run(() -> once(line, call, null));
    }

    /** One attempt, and a second after a challenge. */
    HttpAnswer once(Line line, HttpCall call, @Nullable BodySink sink) throws IOException, InterruptedException {
        boolean sameOrigin = Hosts.sameOrigin(call.uri(), line.endpoint().base());
        String known = sameOrigin ? authorizer.known(line) : null;
        HttpAnswer answer = limited(line, known == null ? call : call.with("Authorization", known), sink);
        HttpAnswer refused = sameOrigin ? challenge(line, answer, known != null) : null;
        if (refused == null) {
            return answer;
        }
        String fresh;
        try {
            fresh = authorizer.meet(line, refused, known, question -> limited(line, question, null));
        } catch (HttpStatusException e) {
            return e.answer();
        }
        if (fresh == null) {
            return answer;
        }
        HttpAnswer second = limited(line, call.with("Authorization", fresh), sink);
        if (second.status() == 401) {
            authorizer.refused(line, fresh, question -> limited(line, question, null));
        }
        return second;
    }

    /**
     * The answer that says how to log in; null if there is none. Some servers answer an expired token without a
     * challenge, or with 403: they are asked again without a token.
     */
    private @Nullable HttpAnswer challenge(Line line, HttpAnswer answer, boolean hadToken)
            throws IOException, InterruptedException {
        if (answer.status() == 401 && answer.header("WWW-Authenticate") != null) {
            return answer;
        }
        if (!hadToken || (answer.status() != 401 && answer.status() != 403)) {
            return null;
        }
        HttpAnswer door = limited(line, HttpCall.get(line.endpoint().base().resolve("/v2/")), null);
        return door.status() == 401 ? door : null;
    }

    private HttpAnswer limited(Line line, HttpCall call, @Nullable BodySink sink)
            throws IOException, InterruptedException {
        Semaphore permits = hosts.computeIfAbsent(call.uri().getRawAuthority(), host -> new Semaphore(PER_HOST, true));
        permits.acquire();
        try {
            TlsSettings tls = line.endpoint().tls();
            HttpTransport sender = tls == null ? transport : transport.trusting(tls);
            return sink == null ? sender.send(call) : sender.send(call, sink);
        } catch (IOException e) {
            throw new CallFailedException(call, e);
        } finally {
            permits.release();
        }
    }
}
