package dev.talosforge.registry;

import java.io.IOException;

/** Knows credentials by the registry's host. Called when a registry asks for them, from several threads. */
@FunctionalInterface
public interface CredentialSource {
    /**
     * What a host is to be told; anonymous where nothing is known.
     *
     * @param host with its port where it has one; Docker Hub is {@code docker.io}
     */
    Credentials of(String host) throws IOException, InterruptedException;
}
