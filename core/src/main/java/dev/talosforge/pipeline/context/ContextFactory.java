package dev.talosforge.pipeline.context;

import dev.talosforge.bytes.ByteSize;
import dev.talosforge.debian.Apt;
import dev.talosforge.engine.Steps;
import dev.talosforge.engine.Store;
import dev.talosforge.engine.StoreItem;
import dev.talosforge.engine.Workers;
import dev.talosforge.extension.Downloads;
import dev.talosforge.extension.Sandbox;
import dev.talosforge.net.HttpTransport;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Remedy;
import dev.talosforge.problem.RunOption;
import dev.talosforge.proxmox.ProxmoxClient;
import dev.talosforge.proxmox.wire.ProxmoxSettings;
import dev.talosforge.registry.RegistryClient;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Creates the contexts of builds from values. Closing it ends everything it created: threads, connections, and the use
 * of stores. Several builds may use its contexts at the same time, and a process may have several factories.
 * Thread-safe.
 */
public final class ContextFactory implements AutoCloseable {
    private final ContextSettings settings;
    private final NetworkEnvironment network;
    private final Deque<Runnable> opened = new ArrayDeque<>();
    private final Map<Path, BuildContext> contexts = new HashMap<>(); // looked up only
    private final Map<Path, Store> stores = new HashMap<>(); // looked up only
    private final Map<List<List<String>>, ProxmoxClient> clients = new HashMap<>(); // looked up only
    private @Nullable HttpTransport transport;

    public ContextFactory(ContextSettings settings) {
        this.settings = settings;
        this.network = new NetworkEnvironment(settings);
    }

    public ContextSettings settings() {
        return settings;
    }

    /** The context over the default store. Created on first use, with the store's folder if it is missing. */
    public BuildContext context() throws IOException {
        return context(settings.storeFolder());
    }

    /** Like {@link #context()}, over its own store. */
    public synchronized BuildContext context(Path folder) throws IOException {
        BuildContext known = contexts.get(folder);
        if (known != null) {
            return known;
        }
        Store store = store(folder);
        BuildContext made = new BuildContext(
                new Steps(store, settings.events(), settings.fresh()),
                registries(),
                this::proxmox,
                Workers.perCore(),
                new Apt(folder.resolve(OpenStore.PACKAGES), Path.of("/etc")),
                new Downloads(store, transport(), NetworkEnvironment.retries()),
                settings.sourceDate(),
                settings.push(),
                settings.overwriteTags(),
                new Sandbox());
        opened.push(made::close);
        contexts.put(folder, made);
        return made;
    }

    /** The default store: in use until this is closed, so that no other run cleans it meanwhile. */
    public Store store() throws IOException {
        return store(settings.storeFolder());
    }

    private synchronized Store store(Path folder) throws IOException {
        Store known = stores.get(folder);
        if (known != null) {
            return known;
        }
        try {
            OpenStore made = OpenStore.at(folder, settings.clock());
            opened.push(made::close);
            if (!made.removed().isEmpty()) {
                long size = made.removed().stream().mapToLong(StoreItem::size).sum();
                settings.events().detail("", "removed leftovers of killed runs from the store: " + ByteSize.of(size));
            }
            stores.put(folder, made.store());
            return made.store();
        } catch (FileSystemException e) {
            throw closed(folder, e);
        }
    }

    private BuildException closed(Path folder, FileSystemException e) {
        String home = settings.environment().get("HOME");
        String reason = e instanceof NoSuchFileException
                ? "the folder does not exist and cannot be created"
                : e instanceof AccessDeniedException ? "the operating system denies it" : e.getReason();
        return new BuildException(
                Problem.failed(Problem.Kind.ENVIRONMENT, "cannot open the store " + folder)
                        .because("%s: %s%s"
                                .formatted(
                                        e.getFile(),
                                        reason,
                                        home != null && folder.equals(settings.ofHome())
                                                ? " (HOME is %s)".formatted(home)
                                                : ""))
                        .trying(Remedy.sentence(
                                "use a writable folder: ",
                                Remedy.give(RunOption.STORE, "DIR").or(new Remedy.Export("TALOS_FORGE_STORE", "DIR")))),
                e);
    }

    public synchronized RegistryClient registries() throws IOException {
        return new RegistryClient(
                transport(), NetworkEnvironment.retries(), network.registries(), network.credentials());
    }

    private synchronized HttpTransport transport() throws IOException {
        HttpTransport made = transport;
        if (made == null) {
            made = network.transport();
            opened.push(made::close);
            transport = made;
        }
        return made;
    }

    /** One client, with one login, for all units that use the same hosts. */
    public synchronized ProxmoxClient proxmox(List<String> nodes, List<String> hostnames) {
        boolean given = settings.variable("PROXMOX_VE_ENDPOINT") != null;
        List<List<String>> hosts = given ? List.of() : List.of(nodes, hostnames);
        return clients.computeIfAbsent(
                hosts,
                _ -> ProxmoxEnvironment.client(
                        settings.environment(),
                        nodes,
                        hostnames,
                        new ProxmoxSettings.Watch(
                                settings.clock(), what -> settings.events().info("", what))));
    }

    /** Closes in reverse order. Nothing that it created may be used afterwards. */
    @Override
    public synchronized void close() {
        while (!opened.isEmpty()) {
            opened.pop().run();
        }
        contexts.clear();
        stores.clear();
        clients.clear();
        transport = null;
    }
}
