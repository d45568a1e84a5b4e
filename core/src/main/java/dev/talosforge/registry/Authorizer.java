package dev.talosforge.registry;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.JsonReader;
import dev.talosforge.net.Hosts;
import dev.talosforge.net.HttpAnswer;
import dev.talosforge.net.HttpCall;
import dev.talosforge.net.HttpStatusException;
import dev.talosforge.net.Redaction;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Answers challenges and caches tokens per server and scope. The server's next 401 reveals an expired token, even in
 * the middle of a transfer, so no clock is needed.
 */
final class Authorizer {
    private static final int MAX_NAME = 32;

    private record Key(String origin, Scope scope) {}

    private record Tried(String server, Credentials who) {}

    /** Sends a request to a token server. */
    interface Asking {
        HttpAnswer ask(HttpCall call) throws IOException, InterruptedException;
    }

    private final CredentialSource credentials;
    private final Semaphore turns = new Semaphore(1);
    private final ConcurrentMap<Key, String> headers = new ConcurrentHashMap<>();
    private final ConcurrentMap<Key, String> logins = new ConcurrentHashMap<>();

    /** Answers of token servers to wrong credentials: one refusal holds for everything that needs them. */
    private final ConcurrentMap<Tried, HttpAnswer> wrong = new ConcurrentHashMap<>();

    /** Basic logins that a registry refused for everything. */
    private final Set<Tried> useless = ConcurrentHashMap.newKeySet();

    Authorizer(CredentialSource credentials) {
        this.credentials = credentials;
    }

    /** The value for Authorization that worked before, or null. */
    @Nullable
    String known(Line line) {
        return headers.get(key(line));
    }

    /** How a server was asked for access, in words; null if anonymously. */
    @Nullable
    String login(Line line) {
        return logins.get(key(line));
    }

    /** A user name that could be a token is not shown. */
    private void remember(Line line, CredentialSource.Filed filed) {
        String words = switch (filed.credentials()) {
            case Credentials.Login(String user, String _) ->
                user.isEmpty() || user.length() > MAX_NAME ? "with the stored login" : "as " + user;
            case Credentials.RefreshToken _, Credentials.AccessToken _ -> "with the stored token";
            case Credentials.Anonymous() -> null;
        };
        if (words != null) {
            logins.put(key(line), filed.place() == null ? words : "%s (%s)".formatted(words, filed.place()));
        }
    }

    private static Key key(Line line) {
        return new Key(line.endpoint().base().toString(), line.scope());
    }

    /**
     * A value for Authorization after a 401, or null if there is none. If a token expires for several threads, only one
     * asks for a new one.
     *
     * @param used the value that was refused; null if none was sent
     * @throws HttpStatusException if the token server refuses
     */
    @Nullable
    String meet(Line line, HttpAnswer refused, @Nullable String used, Asking asking)
            throws IOException, InterruptedException {
        Challenge challenge = Challenge.best(refused.headers("WWW-Authenticate"));
        if (challenge == null) {
            return null;
        }
        turns.acquire();
        try {
            String other = known(line);
            if (other != null && !other.equals(used)) {
                return other;
            }
            CredentialSource.Filed filed = credentials(line);
            remember(line, filed);
            Credentials who = filed.credentials();
            if (useless.contains(new Tried(line.endpoint().base().toString(), who))) {
                return null;
            }
            String header = who instanceof Credentials.AccessToken(String token)
                    ? "Bearer " + token
                    : challenge.scheme().equals("basic") ? basic(who) : bearer(line, challenge, who, asking);
            if (header != null) {
                headers.put(key(line), header);
            }
            return header;
        } finally {
            turns.release();
        }
    }

    /**
     * Records that a login was refused. The registry's base address tells whether the login is wrong or only lacks a
     * right; a wrong one is not sent again.
     */
    void refused(Line line, String header, Asking asking) throws IOException, InterruptedException {
        if (!header.startsWith("Basic ") || !headers.remove(key(line), header)) {
            return;
        }
        HttpAnswer door =
                asking.ask(HttpCall.get(line.endpoint().base().resolve("/v2/")).with("Authorization", header));
        Credentials who = credentials(line).credentials();
        if (door.status() == 401 && header.equals(basic(who))) {
            useless.add(new Tried(line.endpoint().base().toString(), who));
        }
    }

    /** The server's credentials; those stored for the registry's name go only to its own server. */
    private CredentialSource.Filed credentials(Line line) throws IOException, InterruptedException {
        Endpoint endpoint = line.endpoint();
        boolean hub = line.registry().equals("docker.io") && endpoint.host().equals("registry-1.docker.io");
        return credentials.find(
                (hub ? line.registry() : endpoint.host()) + "/" + line.scope().repository());
    }

    private static @Nullable String basic(Credentials who) {
        return who instanceof Credentials.Login(String user, String password)
                ? "Basic "
                        + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8))
                : null;
    }

    private @Nullable String bearer(Line line, Challenge challenge, Credentials who, Asking asking)
            throws IOException, InterruptedException {
        URI realm = realm(line.endpoint(), challenge);
        if (realm == null) {
            return null;
        }
        String service = challenge.parameters().get("service");
        Scope scope = line.scope().and(challenge.parameters().get("scope"));
        HttpCall call = switch (who) {
            case Credentials.RefreshToken(String token) -> exchange(realm, service, scope, token);
            case Credentials.Login login -> {
                String header = basic(login);
                HttpCall get = ask(realm, service, scope);
                yield header == null ? get : get.with("Authorization", header);
            }
            case Credentials.AccessToken _, Credentials.Anonymous _ -> ask(realm, service, scope);
        };
        Tried tried = new Tried(realm.getScheme() + "://" + realm.getRawAuthority(), who);
        HttpAnswer before = wrong.get(tried);
        if (before != null) {
            throw new HttpStatusException(before);
        }
        HttpAnswer answer = asking.ask(call);
        boolean rejected = answer.status() == 401 || (answer.status() == 403 && isWrong(realm, service, who, asking));
        if (rejected && !(who instanceof Credentials.Anonymous)) {
            wrong.put(tried, answer);
        }
        if (!answer.succeeded()) {
            throw new HttpStatusException(answer);
        }
        if (RegistryErrors.isWebPage(answer)) {
            throw RegistryErrors.webPage("cannot log in to " + line.endpoint().host(), answer);
        }
        JsonObject json = JsonReader.readObject("answer of the token server", answer.body());
        String token = json.text("token");
        String other = json.text("access_token");
        String found = token == null || token.isEmpty() ? other : token;
        return found == null || found.isEmpty() || found.chars().anyMatch(c -> c <= ' ' || c > '~')
                ? null
                : "Bearer " + found;
    }

    /** Whether a login is refused even without a repository: some servers answer a wrong password with 403. */
    private static boolean isWrong(URI realm, @Nullable String service, Credentials who, Asking asking)
            throws IOException, InterruptedException {
        if (!(who instanceof Credentials.Login login)) {
            return false;
        }
        HttpAnswer answer = asking.ask(
                ask(realm, service, new Scope(List.of())).with("Authorization", String.valueOf(basic(login))));
        return answer.status() == 401 || answer.status() == 403;
    }

    private static @Nullable URI realm(Endpoint endpoint, Challenge challenge) throws IOException {
        String text = challenge.parameters().get("realm");
        if (text == null) {
            return null;
        }
        URI realm;
        try {
            realm = endpoint.base().resolve(text);
        } catch (IllegalArgumentException e) {
            throw new IOException("the registry's token server has no usable address", e);
        }
        boolean secure = "https".equals(realm.getScheme());
        boolean plain = "http".equals(realm.getScheme());
        if (realm.getHost() == null || (!secure && !plain)) {
            throw new IOException("the registry's token server has no usable address");
        }
        if (plain && "https".equals(endpoint.base().getScheme()) && !Hosts.isLoopback(realm.getHost())) {
            throw new IOException("the registry refers to a token server without TLS: " + Redaction.of(realm));
        }
        return realm;
    }

    private static HttpCall ask(URI realm, @Nullable String service, Scope scope) {
        StringBuilder query = new StringBuilder();
        if (service != null) {
            query.append("&service=").append(encoded(service));
        }
        scope.parts().forEach(part -> query.append("&scope=").append(encoded(part)));
        String separator = realm.getRawQuery() == null ? "?" : "&";
        return HttpCall.get(query.isEmpty() ? realm : URI.create(realm + separator + query.substring(1)));
    }

    private static HttpCall exchange(URI realm, @Nullable String service, Scope scope, String token) {
        String form = "grant_type=refresh_token&client_id=talos-forge&service="
                + encoded(service == null ? "" : service) + "&scope=" + encoded(String.join(" ", scope.parts()))
                + "&refresh_token=" + encoded(token);
        return HttpCall.of("POST", realm)
                .withBody("application/x-www-form-urlencoded", ByteSource.of(form.getBytes(StandardCharsets.UTF_8)));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
