package dev.talosforge.pipeline.context;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.debian.Apt;
import dev.talosforge.engine.Events;
import dev.talosforge.engine.Steps;
import dev.talosforge.engine.Store;
import dev.talosforge.engine.Workers;
import dev.talosforge.extension.Downloads;
import dev.talosforge.extension.Sandbox;
import dev.talosforge.proxmox.ProxmoxClient;
import dev.talosforge.registry.RegistryClient;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What stages work with. Shared by all units of a run, which may run at the same time, and by any number of runs over
 * the same store: created once and closed once.
 *
 * @param steps over the store
 * @param registries pulls and pushes
 * @param proxmox a client for the servers at the host names given; fails with a problem if none are known
 * @param workers for work that computes; closed with it
 * @param debian resolves and downloads Debian packages
 * @param downloads downloads files by address and digest
 * @param sourceDate of everything in an artifact, in seconds since the epoch; null for that of the base image
 * @param push whether images are pushed to registries; layouts and archives are always written
 * @param overwriteTags whether a tag may move away from an image that its unit did not publish
 * @param sandbox isolates builds from the machine
 */
public record BuildContext(
        Steps steps,
        RegistryClient registries,
        ProxmoxClients proxmox,
        Workers workers,
        Apt debian,
        Downloads downloads,
        @Nullable Long sourceDate,
        boolean push,
        boolean overwriteTags,
        Sandbox sandbox)
        implements AutoCloseable {
    public Store store() {
        return steps.store();
    }

    /** Room for an archive of images that is compressed as a whole: a blob of the store. */
    public ByteSource keep(String structure, InputStream content) throws IOException {
        return ByteSource.of(store().path(store().put(content::transferTo)));
    }

    /** Ends its threads. The creator of the clients closes them. */
    @Override
    public void close() {
        workers.close();
    }

    public Events events() {
        return steps.events();
    }

    /** Creates clients for Proxmox; the caller of the pipeline knows endpoints and credentials. */
    @FunctionalInterface
    public interface ProxmoxClients {
        /** A client for the given host names, which are tried in turn if no endpoint is set. */
        ProxmoxClient client(List<String> nodes, List<String> hostnames);
    }
}
