package dev.talosforge.registry;

import dev.talosforge.bytes.FormatException;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonNull;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.Json.JsonText;
import dev.talosforge.json.JsonReader;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Where;
import dev.talosforge.registry.CredentialSource.Filed;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One document of logins, as Docker and podman write it. A helper for the host counts first, then a store for all
 * hosts, then {@code auths}. Its text is never shown: it may be a password.
 *
 * @param name of the file, or of the variable that holds the document
 * @param file null for a variable
 */
record LoginFile(String name, @Nullable Path file, JsonObject json) {
    /** The members of a login. */
    private static final List<String> LOGIN = List.of("auth", "username", "password", "identitytoken", "registrytoken");

    /** Parses a document; one of white space only counts as none, as in Docker. */
    static @Nullable LoginFile parse(String name, @Nullable Path file, byte[] utf8) {
        if (new String(utf8, StandardCharsets.UTF_8).isBlank()) {
            return null;
        }
        try {
            JsonObject json = JsonReader.readObject("file of logins", utf8);
            String wrong = wrong(json);
            if (wrong != null) {
                throw broken("cannot read the logins in " + name, null, wrong);
            }
            return new LoginFile(name, file, json);
        } catch (FormatException e) {
            // the parser's own message quotes the text
            throw broken(
                    "cannot read the logins in " + name,
                    file == null ? null : new Where.Offset(file, e.offset()),
                    String.valueOf(e.getMessage()).contains("is not JSON:")
                            ? "it is not JSON"
                            : "it is not a JSON object");
        }
    }

    /** The member with a type that makes Docker and podman ignore the whole file; null if there is none. */
    private static @Nullable String wrong(JsonObject json) {
        for (String name : List.of("auths", "credHelpers")) {
            Json members = json.get(name);
            if (members != null && !(members instanceof JsonObject) && !(members instanceof JsonNull)) {
                return "its \"%s\" is not an object".formatted(name);
            }
        }
        return isText(json.get("credsStore")) ? null : "its \"credsStore\" is not a text";
    }

    private static List<String> keys(@Nullable JsonObject json) {
        return json == null ? List.of() : List.copyOf(json.members().sequencedKeySet());
    }

    private static boolean isText(@Nullable Json value) {
        return value == null || value instanceof JsonNull || value instanceof JsonText;
    }

    /** Null if the document has no login for it. */
    @Nullable
    Filed find(AuthNames wanted, CredentialHelper helpers) throws InterruptedException {
        JsonObject own = json.object("credHelpers");
        for (String key : keys(own)) {
            if (own != null && wanted.isHost(key) && !isText(own.get(key))) {
                throw broken(
                        "cannot use the credential helper for %s in %s".formatted(key, name), null, "it is not a text");
            }
            String helper = own == null ? null : own.text(key);
            if (helper != null && wanted.isHost(key)) {
                // an empty name means no helper, whatever is set for all other hosts
                return helper.isBlank()
                        ? auths(wanted)
                        : helpers.ask(helper, key, "\"credHelpers\" in " + name, wanted.host());
            }
        }
        String store = json.text("credsStore");
        if (store != null && !store.isBlank()) {
            Filed stored = helpers.ask(store, wanted.helperKey(), "\"credsStore\" in " + name, wanted.host());
            if (stored != null) {
                return stored;
            }
        }
        return auths(wanted);
    }

    private @Nullable Filed auths(AuthNames wanted) {
        JsonObject auths = json.object("auths");
        if (auths == null) {
            return null;
        }
        for (String key : wanted.best(auths.members().sequencedKeySet())) {
            Credentials found = switch (auths.get(key)) {
                case null -> null;
                case JsonNull() -> null;
                case JsonObject entry -> login(key, entry);
                case Json _ ->
                    throw broken("cannot use the login for %s in %s".formatted(key, name), null, "it is not an object");
            };
            if (found != null) {
                return new Filed(found, name);
            }
        }
        return null;
    }

    /** {@code auth} takes precedence over a user and a password beside it. */
    private @Nullable Credentials login(String key, JsonObject entry) {
        for (String part : LOGIN) {
            if (!isText(entry.get(part))) {
                throw unusable(key, part, "is not a text");
            }
        }
        String identity = entry.text("identitytoken");
        if (identity != null && !identity.isEmpty()) {
            return new Credentials.RefreshToken(identity);
        }
        String access = entry.text("registrytoken");
        if (access != null && !access.isEmpty()) {
            return new Credentials.AccessToken(access);
        }
        String auth = entry.text("auth");
        if (auth != null && !auth.isBlank()) {
            return decoded(key, auth);
        }
        String user = entry.text("username");
        String password = entry.text("password");
        return user == null || password == null || password.isEmpty() ? null : new Credentials.Login(user, password);
    }

    /** On one line, or wrapped as {@code base64} does; some old tools pad with NUL. */
    private Credentials decoded(String key, String text) {
        String plain;
        try {
            byte[] bytes = Base64.getDecoder().decode(text.replaceAll("\\s+", ""));
            plain = new String(bytes, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw unusable(key, "auth", "is not base64");
        }
        int colon = plain.indexOf(':');
        if (colon < 0) {
            throw unusable(key, "auth", "is not USER:PASSWORD in base64: it has no colon");
        }
        String password = plain.substring(colon + 1).replaceAll("^\\x00+|\\x00+$", "");
        return new Credentials.Login(plain.substring(0, colon), password);
    }

    private BuildException unusable(String key, String part, String why) {
        return broken(
                "cannot use the login for %s in %s".formatted(key, name), null, "its \"%s\" %s".formatted(part, why));
    }

    private static BuildException broken(String what, @Nullable Where where, String why) {
        return new BuildException(Problem.failed(Problem.Kind.INVALID_INPUT, what)
                .because(why)
                .at(where)
                .trying("correct it, or remove it and log in again"));
    }
}
