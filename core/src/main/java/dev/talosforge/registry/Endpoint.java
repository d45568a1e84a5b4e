package dev.talosforge.registry;

import dev.talosforge.net.Redaction;
import dev.talosforge.net.TlsSettings;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * A server that serves a registry's name.
 *
 * @param base scheme, host and port; http only if configured
 * @param path prefix of each repository's name, without leading or trailing slash; empty for none
 * @param replaced beginning of a repository's name that {@code path} replaces; empty for none
 * @param tls trust settings for this server; null for the general ones
 */
public record Endpoint(
        URI base,
        String path,
        boolean pull,
        boolean push,
        String replaced,
        @Nullable TlsSettings tls) {
    public Endpoint {
        boolean http = "http".equals(base.getScheme()) || "https".equals(base.getScheme());
        if (!http || base.getHost() == null) {
            throw new IllegalArgumentException("not an http or https address: " + Redaction.of(base));
        }
        if (base.getRawUserInfo() != null || base.getRawQuery() != null) {
            throw new IllegalArgumentException(
                    "an endpoint's address must not contain a login or a query: " + Redaction.of(base));
        }
    }

    public Endpoint(URI base, String path, boolean pull, boolean push) {
        this(base, path, pull, push, "", null);
    }

    /** The repository's name on this server. */
    String name(String repository) {
        String rest = repository.startsWith(replaced + "/") ? repository.substring(replaced.length() + 1) : repository;
        return path.isEmpty() ? rest : path + "/" + rest;
    }

    /** Host and port as a user would write them; credentials are stored under this name. */
    String host() {
        return base.getRawAuthority();
    }

    URI uri(String repository, String rest) {
        return base.resolve("/v2/" + name(repository) + "/" + rest);
    }
}
