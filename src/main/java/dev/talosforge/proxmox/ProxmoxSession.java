package dev.talosforge.proxmox;

import dev.talosforge.bytes.FormatException;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An endpoint that answers, with credentials for it. Reads are repeated when the trouble may pass; writes are not. */
final class ProxmoxSession {
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final Duration FIRST_WAIT = Duration.ofMillis(200);

    private final ProxmoxSettings settings;
    private final Wire wire;
    private final Failure failure;
    private final Credentials credentials;
    private final URI base;
    private final String version;

    private ProxmoxSession(ProxmoxSettings settings, Wire wire, Failure failure) throws InterruptedException {
        this.settings = settings;
        this.wire = wire;
        this.failure = failure;
        this.credentials = new Credentials(settings.login(), failure, settings.timing(), this::logIn);
        First first = firstThatAnswers();
        this.base = first.endpoint;
        Json answer = first.version != null ? first.version : get(base, "/version", "log in to Proxmox", null);
        this.version = String.valueOf(object(answer, "/version").text("version"));
    }

    /** Finds the endpoint and checks the credentials. */
    static ProxmoxSession open(ProxmoxSettings settings) throws InterruptedException {
        Failure failure = new Failure(settings.login());
        try {
            Wire wire = new Wire(settings.tls().context(), settings.tls().checksName(), settings.timing());
            return new ProxmoxSession(settings, wire, failure);
        } catch (IOException e) {
            throw failure.problem(
                    Problem.Kind.ENVIRONMENT,
                    "cannot set up TLS for Proxmox",
                    null,
                    String.valueOf(e.getMessage()),
                    "check the CA file for Proxmox");
        }
    }

    /** @param version what the endpoint said to the first question; null when it has to be asked again */
    private record First(URI endpoint, @Nullable Json version) {}

    /** Any HTTP answer will do, a 401 as well: only then is it known who answers. */
    private First firstThatAnswers() {
        List<Problem> problems = new ArrayList<>();
        IOException last = null;
        for (URI endpoint : settings.endpoints()) {
            try {
                // A token is sent along: a request without credentials is answered three seconds later.
                SequencedMap<String, String> headers =
                        settings.login() instanceof ProxmoxLogin.Token ? credentials.headers() : new LinkedHashMap<>();
                Reply reply = wire.exchange(endpoint, "GET", target(endpoint, "/version"), headers, new byte[0]);
                return new First(endpoint, reply.ok() ? reply.data() : null);
            } catch (IOException e) {
                last = e;
                problems.addAll(failure.connection("cannot reach Proxmox", "GET", uri(endpoint, "/version"), e)
                        .problems());
            }
        }
        throw new BuildException(problems, last);
    }

    /** The answer to a request for a ticket. */
    private JsonObject logIn(String what, byte[] form) {
        String path = "/access/ticket";
        SequencedMap<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", FORM);
        try {
            Reply reply = wire.exchange(base, "POST", target(base, path), headers, form);
            if (!reply.ok()) {
                throw failure.answer(what, "POST", uri(base, path), reply, null);
            }
            return object(reply.data(), path);
        } catch (IOException e) {
            throw failure.connection(what, "POST", uri(base, path), e);
        }
    }

    URI base() {
        return base;
    }

    String version() {
        return version;
    }

    ProxmoxLogin login() {
        return settings.login();
    }

    Failure failure() {
        return failure;
    }

    ProxmoxSettings.Timing timing() {
        return settings.timing();
    }

    /** The endpoint of a node itself where one is known. */
    @Nullable
    URI endpointOf(String node) {
        return settings.nodeEndpoints().get(node);
    }

    /** The answer's data; anything but success is a {@link BuildException} that says {@code what} was to be done. */
    Json get(URI at, String path, String what, @Nullable String storage) throws InterruptedException {
        Reply reply = reply(at, path, what);
        if (!reply.ok()) {
            throw failure.answer("cannot " + what, "GET", uri(at, path), reply, storage);
        }
        try {
            return reply.data();
        } catch (FormatException e) {
            throw failure.connection("cannot " + what, "GET", uri(at, path), e);
        }
    }

    /** The objects of an answer that is a list. */
    List<JsonObject> rows(URI at, String path, String what, @Nullable String storage) throws InterruptedException {
        List<JsonObject> rows = new ArrayList<>();
        if (get(at, path, what, storage) instanceof Json.JsonArray(List<Json> items)) {
            for (Json item : items) {
                if (item instanceof JsonObject object) {
                    rows.add(object);
                }
            }
        }
        return rows;
    }

    /** What the credentials may do at a path of the permission tree. */
    SortedSet<String> privileges(String path) throws InterruptedException {
        Json data = get(base, "/access/permissions?path=" + encoded(path), "ask Proxmox for permissions", null);
        JsonObject granted = object(data, "/access/permissions").object(path);
        return granted == null
                ? new TreeSet<>()
                : new TreeSet<>(granted.members().keySet());
    }

    /** A request that changes something: one attempt. The answer's data. */
    Json change(String method, String path, SequencedMap<String, String> form, String what, @Nullable String storage) {
        SequencedMap<String, String> headers = credentials.headers();
        byte[] body = new byte[0];
        if (method.equals("POST")) {
            headers.put("Content-Type", FORM);
            body = form.entrySet().stream()
                    .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
                    .collect(Collectors.joining("&"))
                    .getBytes(StandardCharsets.US_ASCII);
        }
        try {
            Reply reply = wire.exchange(base, method, target(base, path), headers, body);
            if (!reply.ok()) {
                throw failure.answer("cannot " + what, method, uri(base, path), reply, storage);
            }
            return reply.data();
        } catch (IOException e) {
            throw failure.connection("cannot " + what, method, uri(base, path), e);
        }
    }

    /** The answer to a read request, whatever it says; made again when a relay or a connection failed. */
    Reply reply(URI at, String path, String what) throws InterruptedException {
        Duration wait = FIRST_WAIT;
        boolean renewed = false;
        for (int attempt = 1; ; attempt++) {
            boolean last = attempt >= timing().readAttempts();
            try {
                Reply reply = wire.exchange(at, "GET", target(at, path), credentials.headers(), new byte[0]);
                if (reply.status() == 401 && !renewed && credentials.renew()) {
                    renewed = true;
                    continue;
                }
                if (last || !reply.mayPass()) {
                    return reply;
                }
            } catch (IOException e) {
                if (last) {
                    throw failure.connection("cannot " + what, "GET", uri(at, path), e);
                }
            }
            timing().pause().pause(wait);
            wait = wait.multipliedBy(2);
        }
    }

    /** One attempt, as it is no read. */
    Reply upload(URI at, String path, String boundary, UploadBody body, UploadProgress progress)
            throws IOException, InterruptedException {
        SequencedMap<String, String> all = credentials.headers();
        all.put("Content-Type", "multipart/form-data; boundary=" + boundary);
        return wire.upload(at, target(at, path), all, body, progress);
    }

    /** The full address, without credentials, for messages. */
    URI uri(URI at, String path) {
        return at.resolve(target(at, path));
    }

    private static String target(URI at, String path) {
        String prefix = at.getRawPath() == null ? "" : at.getRawPath().replaceAll("/+$", "");
        return (prefix.endsWith("/api2/json") ? prefix : prefix + "/api2/json") + path;
    }

    /** For one path segment or form value. */
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    JsonObject object(Json data, String path) {
        if (data instanceof JsonObject object) {
            return object;
        }
        throw failure.problem(
                Problem.Kind.UNAVAILABLE,
                "cannot understand Proxmox",
                null,
                "the answer to %s is not an object".formatted(path),
                null);
    }
}
