package dev.talosforge.registry;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The scope of a token, as the token specification writes it: {@code repository:NAME:pull,push}.
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

    /** The repository, by its name on the server. */
    String repository() {
        String part = parts.getFirst();
        return part.substring(part.indexOf(':') + 1, part.lastIndexOf(':'));
    }

    /** The scope to push to one repository what another one has. */
    Scope alsoPull(Endpoint endpoint, String repository) {
        return new Scope(List.of(parts.getFirst(), "repository:%s:pull".formatted(endpoint.name(repository))));
    }

    /** Adds what a challenge asks for: a server behind another one may know the repository by another name. */
    Scope and(@Nullable String asked) {
        List<String> all = new ArrayList<>(parts);
        for (String part : asked == null ? new String[0] : asked.strip().split("\\s+", -1)) {
            String resource = part.substring(0, part.lastIndexOf(':') + 1);
            if (!resource.isEmpty() && parts.stream().noneMatch(own -> own.startsWith(resource))) {
                all.add(part);
            }
        }
        return new Scope(all);
    }
}
