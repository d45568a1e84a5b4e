package dev.talosforge.registry;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.JsonReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Credentials as Docker files them: a helper for the host, else the credential store, else {@code auths}; after that
 * {@code GITHUB_TOKEN} for ghcr.io.
 */
public final class DockerCredentials implements CredentialSource {
    private static final String STRUCTURE = "Docker configuration";
    private static final int MAX_CONFIG = 4 << 20;
    private static final String HUB_KEY = "https://index.docker.io/v1/";

    private final @Nullable Path configFile;
    private final SequencedMap<String, String> environment;
    private final CredentialHelper helper;

    /**
     * Reads nothing yet.
     *
     * @param configFile {@code config.json}; null or a file that is not there for none
     * @param environment of the process: PATH to find helpers, GITHUB_TOKEN, GITHUB_ACTOR
     * @param limit for a helper to answer
     */
    public DockerCredentials(@Nullable Path configFile, Map<String, String> environment, Duration limit) {
        this.configFile = configFile;
        this.environment = new TreeMap<>(environment);
        this.helper = new CredentialHelper(this.environment, limit);
    }

    @Override
    public Credentials of(String host) throws IOException, InterruptedException {
        Credentials configured = configured(host);
        if (configured != null) {
            return configured;
        }
        String token = environment.get("GITHUB_TOKEN");
        if (host.equals("ghcr.io") && token != null && !token.isBlank()) {
            return new Credentials.Login(environment.getOrDefault("GITHUB_ACTOR", "unset"), token);
        }
        return Credentials.anonymous();
    }

    private @Nullable Credentials configured(String host) throws IOException, InterruptedException {
        if (configFile == null || !Files.isRegularFile(configFile)) {
            return null;
        }
        JsonObject config =
                JsonReader.readObject(STRUCTURE, ByteSource.of(configFile).readAll(STRUCTURE, MAX_CONFIG));
        List<String> keys = host.equals("docker.io") ? List.of(HUB_KEY, "docker.io", "index.docker.io") : List.of(host);
        JsonObject helpers = config.object("credHelpers");
        for (String key : keys) {
            String name = helpers == null ? null : helpers.text(key);
            if (name != null) {
                return helper.ask(name, key);
            }
        }
        String store = config.text("credsStore");
        if (store != null && !store.isBlank()) {
            Credentials stored = helper.ask(store, keys.getFirst());
            if (stored != null) {
                return stored;
            }
        }
        JsonObject auths = config.object("auths");
        if (auths != null) {
            for (Map.Entry<String, Json> entry : auths.members().entrySet()) {
                if (keys.contains(entry.getKey()) || keys.contains(bare(entry.getKey()))) {
                    Credentials found = entry.getValue() instanceof JsonObject auth ? login(auth) : null;
                    if (found != null) {
                        return found;
                    }
                }
            }
        }
        return null;
    }

    private static String bare(String key) {
        String host = key.replaceFirst("^https?://", "");
        int slash = host.indexOf('/');
        return slash < 0 ? host : host.substring(0, slash);
    }

    private static @Nullable Credentials login(JsonObject auth) {
        String identity = auth.text("identitytoken");
        if (identity != null && !identity.isEmpty()) {
            return new Credentials.RefreshToken(identity);
        }
        String user = auth.text("username");
        String password = auth.text("password");
        if (user != null && password != null) {
            return new Credentials.Login(user, password);
        }
        String encoded = auth.text("auth");
        if (encoded == null || encoded.isEmpty()) {
            return null;
        }
        try {
            String plain = new String(Base64.getDecoder().decode(encoded.strip()), StandardCharsets.UTF_8);
            int colon = plain.indexOf(':');
            return colon < 0 ? null : new Credentials.Login(plain.substring(0, colon), plain.substring(colon + 1));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
