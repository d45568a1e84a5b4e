package dev.talosforge.registry;

import java.util.List;

/**
 * What a token is for, in the words of the token specification: {@code repository:NAME:pull,push}.
 *
 * @param parts one a repository
 */
record Scope(List<String> parts) {
    static Scope pull(Endpoint endpoint, String repository) {
        return new Scope(List.of("repository:%s:pull".formatted(endpoint.name(repository))));
    }

    static Scope push(Endpoint endpoint, String repository) {
        return new Scope(List.of("repository:%s:pull,push".formatted(endpoint.name(repository))));
    }

    /** To push to one repository what another one has. */
    Scope alsoPull(Endpoint endpoint, String repository) {
        return new Scope(List.of(parts.getFirst(), "repository:%s:pull".formatted(endpoint.name(repository))));
    }
}
