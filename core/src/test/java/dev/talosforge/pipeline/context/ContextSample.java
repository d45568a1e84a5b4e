package dev.talosforge.pipeline.context;

import dev.talosforge.debian.Apt;
import dev.talosforge.engine.Event;
import dev.talosforge.engine.Steps;
import dev.talosforge.engine.Store;
import dev.talosforge.engine.Workers;
import dev.talosforge.extension.Downloads;
import dev.talosforge.extension.Sandbox;
import dev.talosforge.net.HttpTransport;
import dev.talosforge.net.Retries;
import dev.talosforge.net.RetryPolicy;
import dev.talosforge.net.TransportSettings;
import dev.talosforge.registry.DockerCredentials;
import dev.talosforge.registry.RegistryClient;
import dev.talosforge.registry.RegistrySettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** A context that pushes nothing and asks nobody. */
public final class ContextSample {
    public static final long TIME = 1_735_689_600L;

    /** For all samples of a run of tests: its threads end with the process. */
    private static final Workers WORKERS = Workers.perCore();

    private ContextSample() {}

    public static BuildContext in(Path folder, List<Event> events) throws IOException {
        return in(folder, events, RegistrySettings.none(), false);
    }

    /** One whose environment sets the time of all files. */
    public static BuildContext at(Path folder, long time) throws IOException {
        return in(folder, new java.util.ArrayList<>(), RegistrySettings.none(), false, time);
    }

    /** One that asks and may push. */
    public static BuildContext in(Path folder, List<Event> events, RegistrySettings settings, boolean push)
            throws IOException {
        return in(folder, events, settings, push, TIME);
    }

    private static BuildContext in(Path folder, List<Event> events, RegistrySettings settings, boolean push, long time)
            throws IOException {
        Store store = Store.open(folder.resolve("store"));
        HttpTransport transport = new HttpTransport(TransportSettings.usual());
        Retries retries = new Retries(RetryPolicy.usual(), duration -> {}, () -> 0);
        return new BuildContext(
                new Steps(store, Collections.synchronizedList(events)::add, false),
                new RegistryClient(
                        transport, retries, settings, new DockerCredentials(null, Map.of(), Duration.ofSeconds(1))),
                (nodes, hostnames) -> {
                    throw new IllegalStateException("no Proxmox here");
                },
                WORKERS,
                new Apt(folder.resolve("debian"), Path.of("/etc")),
                new Downloads(store, transport, retries),
                time,
                push,
                false,
                new Sandbox());
    }
}
