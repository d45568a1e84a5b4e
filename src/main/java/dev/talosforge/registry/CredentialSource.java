package dev.talosforge.registry;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Knows credentials by names. Called when a registry asks for them, from several threads. */
@FunctionalInterface
public interface CredentialSource {
    /**
     * What is to be told for a name; anonymous where nothing is known.
     *
     * @param name the registry's host, with its port where it has one, and a repository behind it:
     *     {@code ghcr.io/acme/app}; the host alone is a name, too, and Docker Hub is {@code docker.io}
     */
    Credentials of(String name) throws IOException, InterruptedException;

    /** As {@link #of}, and where it is filed. */
    default Filed find(String name) throws IOException, InterruptedException {
        return new Filed(of(name), null);
    }

    /**
     * Credentials and where they come from.
     *
     * @param place for people: a file, a helper, a variable; null where nobody knows
     */
    record Filed(Credentials credentials, @Nullable String place) {}
}
