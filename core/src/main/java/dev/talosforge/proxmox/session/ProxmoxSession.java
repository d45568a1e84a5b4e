package dev.talosforge.proxmox.session;

import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Where;
import dev.talosforge.proxmox.api.UploadProgress;
import dev.talosforge.proxmox.wire.HttpWire;
import dev.talosforge.proxmox.wire.ProxmoxLogin;
import dev.talosforge.proxmox.wire.ProxmoxSettings;
import dev.talosforge.proxmox.wire.ProxmoxTls;
import dev.talosforge.proxmox.wire.Reply;
import dev.talosforge.proxmox.wire.Silence;
import dev.talosforge.proxmox.wire.UploadBody;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An endpoint that answers, with credentials for it. Reads are repeated when the failure may pass; writes are not. */
public final class ProxmoxSession {
    private static final String VERSION = "/version";
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final Duration FIRST_WAIT = Duration.ofMillis(200);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    private final ProxmoxSettings settings;
    private final HttpWire wire;
    private final ProxmoxErrors errors;
    private final Credentials credentials;
    private final URI base;
    private final String version;
    private @Nullable List<JsonObject> nodes;

    private ProxmoxSession(ProxmoxSettings settings, HttpWire wire, ProxmoxErrors errors) throws InterruptedException {
        this.settings = settings;
        this.wire = wire;
        this.errors = errors;
        this.credentials = new Credentials(settings, errors, this::logIn);
        First first = firstThatAnswers();
        this.base = first.endpoint;
        this.version = String.valueOf(object(version(first), VERSION).text("version"));
    }

    /** Made from one that already answers, to ask something else: the nodes may have changed. */
    private ProxmoxSession(ProxmoxSession same) {
        this.settings = same.settings;
        this.wire = same.wire;
        this.errors = same.errors;
        this.credentials = same.credentials;
        this.base = same.base;
        this.version = same.version;
    }

    /** The same endpoint and login, with nothing remembered. */
    public ProxmoxSession again() {
        return new ProxmoxSession(this);
    }

    /** Finds the endpoint and checks the credentials. */
    public static ProxmoxSession open(ProxmoxSettings settings) throws InterruptedException {
        ProxmoxErrors errors = new ProxmoxErrors(settings);
        try {
            return new ProxmoxSession(settings, new HttpWire(settings.tls().context(), settings), errors);
        } catch (IOException e) {
            throw errors.problem(
                    Problem.Kind.ENVIRONMENT,
                    "cannot set up TLS for Proxmox",
                    null,
                    String.valueOf(e.getMessage()),
                    settings.tls() instanceof ProxmoxTls.Authority
                            ? "copy /etc/pve/pve-root-ca.pem from any node, then: export PROXMOX_VE_CA_FILE=…"
                            : null);
        }
    }

    /** @param reply to the first request; null if that was another one, or the answer may improve next time */
    private record First(URI endpoint, @Nullable Reply reply) {}

    /** Any answer from Proxmox will do, even a rejection: only then is it known who answers. */
    private First firstThatAnswers() {
        List<Problem> problems = new ArrayList<>();
        IOException last = null;
        for (URI endpoint : settings.endpoints()) {
            try {
                credentials.enter(endpoint);
                if (settings.login() instanceof ProxmoxLogin.Password) {
                    return new First(endpoint, null);
                }
                Reply reply = wire.exchange(
                        endpoint, "GET", PvePath.target(endpoint, VERSION), credentials.headers(), new byte[0]);
                if (reply.ok()) {
                    reply.data();
                }
                return new First(endpoint, reply.mayPass() ? null : reply);
            } catch (IOException e) {
                last = e;
                boolean ticket = settings.login() instanceof ProxmoxLogin.Password;
                problems.addAll(errors.connection(
                                "cannot reach Proxmox",
                                ticket ? "POST" : "GET",
                                PvePath.address(endpoint, ticket ? Credentials.TICKET : VERSION),
                                e)
                        .problems());
            }
        }
        throw new BuildException(problems, last);
    }

    private Json version(First first) throws InterruptedException {
        String what = "log in to Proxmox";
        Reply reply = first.reply;
        if (reply == null) {
            return get(base, VERSION, what, null);
        }
        if (!reply.ok()) {
            throw errors.answer("cannot " + what, "GET", uri(base, VERSION), reply, null);
        }
        return data(reply, "cannot " + what, "GET", uri(base, VERSION));
    }

    /** The data of a successful answer. */
    public Json data(Reply reply, String what, String method, URI uri) {
        try {
            return reply.data();
        } catch (IOException e) {
            throw errors.connection(what, method, uri, e);
        }
    }

    /** The answer to a request for a ticket. */
    private JsonObject logIn(URI at, String what, byte[] form) throws IOException {
        SequencedMap<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", FORM);
        Reply reply = wire.exchange(at, "POST", PvePath.target(at, Credentials.TICKET), headers, form);
        if (!reply.ok()) {
            throw errors.answer(what, "POST", PvePath.address(at, Credentials.TICKET), reply, null);
        }
        return object(reply.data(), Credentials.TICKET);
    }

    public URI base() {
        return base;
    }

    public String version() {
        return version;
    }

    public ProxmoxLogin login() {
        return settings.login();
    }

    public ProxmoxErrors failure() {
        return errors;
    }

    public ProxmoxSettings.Timing timing() {
        return settings.timing();
    }

    /** The rows of {@code /nodes}, requested once. */
    public synchronized List<JsonObject> nodes() throws InterruptedException {
        if (nodes == null) {
            nodes = List.copyOf(rows(base, "/nodes", "list the nodes of Proxmox", null));
        }
        return nodes;
    }

    /** The name of the node behind the first endpoint if known, else {@link PvePath#LOCALHOST}. */
    public String nodeOfBase() throws InterruptedException {
        List<String> names = nodes().stream()
                .map(row -> row.text("node"))
                .filter(java.util.Objects::nonNull)
                .toList();
        String fingerprint = wire.fingerprint(base);
        List<String> alike = nodes().stream()
                .filter(row -> fingerprint != null && fingerprint.equals(row.text("ssl_fingerprint")))
                .map(row -> row.text("node"))
                .filter(java.util.Objects::nonNull)
                .toList();
        List<String> given = settings.nodeEndpoints().entrySet().stream()
                .filter(endpoint -> endpoint.getValue().equals(base))
                .map(java.util.Map.Entry::getKey)
                .toList();
        for (List<String> choice : List.of(names, alike, given)) {
            if (choice.size() == 1) {
                return choice.getFirst();
            }
        }
        return PvePath.LOCALHOST;
    }

    /** The endpoint of the node itself, if known. */
    @Nullable
    public URI endpointOf(String node) {
        return settings.nodeEndpoints().get(node);
    }

    /** The answer's data; anything but success is a {@link BuildException} that says {@code what} was being done. */
    public Json get(URI at, String path, String what, @Nullable String storage) throws InterruptedException {
        return get(at, path, what, storage, Duration.ZERO);
    }

    /** The same with {@linkplain #reply(URI, String, String, Duration) patience}. */
    public Json get(URI at, String path, String what, @Nullable String storage, Duration patience)
            throws InterruptedException {
        Reply reply = reply(at, path, what, patience);
        if (!reply.ok()) {
            throw errors.answer("cannot " + what, "GET", uri(at, path), reply, storage);
        }
        return data(reply, "cannot " + what, "GET", uri(at, path));
    }

    /**
     * The objects of an answer that is a list. Anything else is not an empty list: what is not reported must not count
     * as nothing.
     */
    public List<JsonObject> rows(URI at, String path, String what, @Nullable String storage)
            throws InterruptedException {
        return rows(at, path, what, storage, Duration.ZERO);
    }

    /** The same with {@linkplain #reply(URI, String, String, Duration) patience}. */
    public List<JsonObject> rows(URI at, String path, String what, @Nullable String storage, Duration patience)
            throws InterruptedException {
        List<JsonObject> rows = new ArrayList<>();
        if (get(at, path, what, storage, patience) instanceof Json.JsonArray(List<Json> items)) {
            for (Json item : items) {
                rows.add(object(item, "a row of " + path));
            }
            return rows;
        }
        throw errors.problem(
                Problem.Kind.UNAVAILABLE,
                "cannot " + what,
                new Where.Remote("GET", uri(at, path), 200),
                "the answer is not a list",
                null);
    }

    /** What the credentials may do at a path of the permission tree. */
    public Privileges privileges(String path) throws InterruptedException {
        Json data = get(base, "/access/permissions?path=" + PvePath.encoded(path), "ask Proxmox for permissions", null);
        return privileges(path, object(data, "/access/permissions").object(path));
    }

    /** What the credentials may do at every path with a permission of its own; paths without any are left out. */
    public SortedMap<String, Privileges> privileges() throws InterruptedException {
        JsonObject data =
                object(get(base, "/access/permissions", "ask Proxmox for permissions", null), "/access/permissions");
        SortedMap<String, Privileges> all = new TreeMap<>();
        data.members().keySet().forEach(path -> all.put(path, privileges(path, data.object(path))));
        return all;
    }

    /** Perl may write a number as text. */
    private static Privileges privileges(String path, @Nullable JsonObject granted) {
        SortedMap<String, Boolean> all = new TreeMap<>();
        if (granted != null) {
            granted.members()
                    .forEach((name, below) -> all.put(name, below.equals(Json.of(1)) || below.equals(Json.of("1"))));
        }
        return new Privileges(path, all);
    }

    /** A request that changes something, tried once. The answer's data. */
    public Json change(
            String method, String path, SequencedMap<String, String> form, String what, @Nullable String storage) {
        SequencedMap<String, String> headers = credentials.headers();
        byte[] body = new byte[0];
        if (method.equals("POST")) {
            headers.put("Content-Type", FORM);
            body = form.entrySet().stream()
                    .map(field -> PvePath.encoded(field.getKey()) + "=" + PvePath.encoded(field.getValue()))
                    .collect(Collectors.joining("&"))
                    .getBytes(StandardCharsets.US_ASCII);
        }
        try {
            Reply reply = wire.exchange(base, method, PvePath.target(base, path), headers, body);
            if (!reply.ok()) {
                throw errors.answer("cannot " + what, method, uri(base, path), reply, storage);
            }
            return reply.data();
        } catch (IOException e) {
            throw errors.connection("cannot " + what, method, uri(base, path), e);
        }
    }

    /** The answer to a read request, whatever it says; repeated after a failed relay or connection. */
    public Reply reply(URI at, String path, String what) throws InterruptedException {
        return reply(at, path, what, Duration.ZERO);
    }

    /**
     * The same across outages: a daemon that restarts, a proxy that lost its server.
     *
     * @param patience for how long to keep asking after a failure
     */
    public Reply reply(URI at, String path, String what, Duration patience) throws InterruptedException {
        Duration wait = FIRST_WAIT;
        boolean renewed = false;
        Silence silence = new Silence(settings, patience);
        for (int attempt = 1; ; attempt++) {
            String message;
            try {
                Reply reply = wire.exchange(at, "GET", PvePath.target(at, path), credentials.headers(), new byte[0]);
                if (reply.status() == 401 && !renewed && credentials.renew()) {
                    renewed = true;
                    continue;
                }
                if (!reply.mayPass() || silence.isLast(attempt)) {
                    return reply;
                }
                message = reply.explanation();
            } catch (IOException e) {
                if (silence.isLast(attempt)) {
                    throw errors.connection("cannot " + what, "GET", uri(at, path), e);
                }
                message = String.valueOf(e.getMessage());
            }
            silence.report("%s to %s (%s)".formatted(at.getAuthority(), what, errors.clean(message)));
            timing().pause().pause(wait);
            wait = wait.compareTo(LONGEST_WAIT) < 0 ? wait.multipliedBy(2) : LONGEST_WAIT;
        }
    }

    /** One attempt: it is not a read. */
    public Reply upload(URI at, String path, String boundary, UploadBody body, UploadProgress progress)
            throws IOException, InterruptedException {
        SequencedMap<String, String> all = credentials.headers();
        all.put("Content-Type", "multipart/form-data; boundary=" + boundary);
        return wire.upload(at, PvePath.target(at, path), all, body, progress);
    }

    /** The full address, without credentials, for messages. */
    public URI uri(URI at, String path) {
        return PvePath.address(at, path);
    }

    public JsonObject object(Json data, String path) {
        if (data instanceof JsonObject object) {
            return object;
        }
        throw errors.problem(
                Problem.Kind.UNAVAILABLE,
                "cannot understand Proxmox",
                null,
                "the answer to %s is not an object".formatted(path),
                null);
    }
}
