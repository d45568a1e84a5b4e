package dev.talosforge.registry;

import dev.talosforge.net.Redaction;
import java.net.URI;

/**
 * A server that speaks for a registry's name.
 *
 * @param base scheme, host and port; http only where that was asked for
 * @param path put before each repository's name, without slashes at its ends; empty for none
 */
public record Endpoint(URI base, String path, boolean pull, boolean push) {
    public Endpoint {
        boolean http = "http".equals(base.getScheme()) || "https".equals(base.getScheme());
        if (!http || base.getHost() == null) {
            throw new IllegalArgumentException("not an http or https address: " + Redaction.of(base));
        }
        if (base.getRawUserInfo() != null || base.getRawQuery() != null) {
            throw new IllegalArgumentException(
                    "an endpoint's address has neither a login nor a query: " + Redaction.of(base));
        }
    }

    /** The repository's name on this server. */
    String name(String repository) {
        return path.isEmpty() ? repository : path + "/" + repository;
    }

    /** Host and port as a user would write them, and as credentials are filed under. */
    String host() {
        return base.getRawAuthority();
    }

    URI uri(String repository, String rest) {
        return base.resolve("/v2/" + name(repository) + "/" + rest);
    }
}
