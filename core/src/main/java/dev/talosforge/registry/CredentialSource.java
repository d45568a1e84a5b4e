package dev.talosforge.registry;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Looks up credentials by name. Called when a registry asks for them, from several threads. */
@FunctionalInterface
public interface CredentialSource {
    /**
     * The credentials for a name; anonymous if there are none.
     *
     * @param name the registry's host, with its port if it has one, and a repository: {@code ghcr.io/acme/app}; the
     *     host alone is also a name, and Docker Hub is {@code docker.io}
     */
    Credentials of(String name) throws IOException, InterruptedException;

    /** As {@link #of}, with the place where they are stored. */
    default Filed find(String name) throws IOException, InterruptedException {
        return new Filed(of(name), null);
    }

    /**
     * Credentials and their origin.
     *
     * @param place for people: a file, a helper, a variable; null if unknown
     */
    record Filed(Credentials credentials, @Nullable String place) {}
}
