package dev.talosforge.cli;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.cli.text.ByteSize;
import dev.talosforge.cli.text.JsonEvents;
import dev.talosforge.cli.text.ProblemGroups;
import dev.talosforge.cli.text.ProblemText;
import dev.talosforge.cli.text.TerminalEvents;
import dev.talosforge.config.Workspace;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.terragrunt.ProcessPrograms;
import dev.talosforge.config.unit.EvaluationSettings;
import dev.talosforge.debian.Apt;
import dev.talosforge.engine.Events;
import dev.talosforge.engine.Steps;
import dev.talosforge.engine.Store;
import dev.talosforge.engine.StoreItem;
import dev.talosforge.engine.Workers;
import dev.talosforge.extension.Downloads;
import dev.talosforge.extension.Sandbox;
import dev.talosforge.net.HttpTransport;
import dev.talosforge.net.ProxySettings;
import dev.talosforge.net.Retries;
import dev.talosforge.net.RetryPolicy;
import dev.talosforge.net.TlsSettings;
import dev.talosforge.net.TransportSettings;
import dev.talosforge.pipeline.Forge;
import dev.talosforge.pipeline.context.BuildContext;
import dev.talosforge.pipeline.context.OpenStore;
import dev.talosforge.pipeline.lint.LintFinding;
import dev.talosforge.pipeline.pin.LockLocation;
import dev.talosforge.pipeline.run.RunSettings;
import dev.talosforge.pipeline.run.UnitResult;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.proxmox.ProxmoxClient;
import dev.talosforge.proxmox.wire.ProxmoxSettings;
import dev.talosforge.registry.CredentialFiles;
import dev.talosforge.registry.DockerCredentials;
import dev.talosforge.registry.RegistryClient;
import dev.talosforge.registry.RegistrySettings;
import dev.talosforge.state.StatePlace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** One command's object graph: reads the environment once and builds everything with {@code new}. */
final class Session {
    /** The last second of the formats' 32-bit fields, in 2106. */
    private static final long MAX_TIME = 0xffffffffL;

    private static final int MAX_SETTINGS = 1 << 20;
    private static final Duration PROGRAM_LIMIT = Duration.ofMinutes(5);
    private static final Duration HELPER_LIMIT = Duration.ofSeconds(30);

    private final Surroundings surroundings;
    private final Global global;
    private final Events events;
    private final Map<String, String> environment;
    /** A file that several units read is broken once. */
    private final ProblemGroups told = new ProblemGroups();

    private @Nullable Forge forge;
    private @Nullable HttpTransport transport;
    private final Map<Path, BuildContext> workshops = new HashMap<>();
    private final Map<List<List<String>>, ProxmoxClient> clients = new HashMap<>();

    private Session(Surroundings surroundings, Global global) {
        this.surroundings = surroundings;
        this.global = global;
        this.environment = surroundings.environment();
        this.events = global.json
                ? new JsonEvents(surroundings.err(), System::nanoTime)
                : new TerminalEvents(surroundings.err(), surroundings.terminal(), global.verbose, System::nanoTime);
    }

    static Session open(Surroundings surroundings, Global global) {
        return new Session(surroundings, global);
    }

    boolean json() {
        return global.json;
    }

    Events events() {
        return events;
    }

    /** The folder that the command works in, absolute; it may be one that a stack makes, which is nowhere on the disk. */
    Path directory() {
        return directory(Path.of(""));
    }

    /** A folder that a command names, from the one that it works in, absolute. */
    Path directory(Path named) {
        Path given = directory(global.directory, new TerragruntVariables(new TreeMap<>(environment)))
                .resolve(named);
        if (!isFolder(given.normalize())) {
            boolean file = Files.exists(given.normalize());
            throw new BuildException(
                    new Problem(
                            Problem.Kind.INVALID_INPUT,
                            "cannot work in " + given.normalize(),
                            null,
                            file ? "it is a file" : "there is no such folder",
                            file ? "use the folder that contains it" : null),
                    null);
        }
        return real(given);
    }

    private static Path directory(Path given, TerragruntVariables variables) {
        String variable = given.toString().isEmpty() ? variables.text("WORKING_DIR") : null;
        return (variable == null ? given : Path.of(variable)).toAbsolutePath();
    }

    /**
     * A folder that is a symbolic link itself is the one that it leads to, for units are found below that. Links above it
     * stay: Terragrunt hashes a unit's path as it was come to.
     */
    static Path real(Path given) {
        Path directory = given.normalize();
        try {
            return Files.isSymbolicLink(directory) ? directory.toRealPath() : directory;
        } catch (IOException e) {
            return directory; // What is wrong with it is told where it is used.
        }
    }

    SortedMap<String, String> environment() {
        return new TreeMap<>(environment);
    }

    /** Whether there is such a folder, on the disk or as a stack makes it. */
    boolean isFolder(Path folder) {
        return Files.isDirectory(folder) || tree(folder).isFolder(folder);
    }

    boolean isUnit(Path folder) {
        return tree(folder).isUnit(folder);
    }

    private Workspace tree(Path folder) {
        return Workspace.open(folder, EvaluationSettings.validating(environment));
    }

    /** Made when it is first asked for: looking at a tree needs no network. */
    Forge forge() throws IOException {
        Forge made = forge;
        if (made == null) {
            made = new Forge(context(), runSettings());
            forge = made;
        }
        return made;
    }

    RunSettings runSettings() {
        SortedMap<String, Value> overrides = new TreeMap<>();
        environment.forEach((name, value) -> {
            if (name.startsWith("TF_VAR_")) {
                overrides.put(name.substring("TF_VAR_".length()), Value.of(value));
            }
        });
        SortedMap<String, Value> asked = variables();
        overrides.putAll(asked);
        String workspace = global.workspace == null ? environment.get("TF_WORKSPACE") : global.workspace;
        if (workspace != null && !workspace.isEmpty()) {
            StatePlace.of(Path.of(""), null, null, workspace); // refuses what cannot be a name, before anything is done
        }
        TerragruntVariables terragrunt = new TerragruntVariables(environment());
        return new RunSettings(
                environment(),
                overrides,
                new TreeSet<>(asked.keySet()),
                features(terragrunt),
                workspace == null || workspace.isEmpty() || workspace.equals("default") ? null : workspace,
                global.strict,
                who(),
                ProgramVersion.number(),
                new ProcessPrograms(PROGRAM_LIMIT, new TreeMap<>(environment)),
                global.runPrograms,
                new LockLocation(global.lockFile, global.locked),
                !global.noHooks && !terragrunt.is("NO_HOOKS"),
                !global.noRetry && !terragrunt.is("NO_AUTO_RETRY"),
                InstantSource.system());
    }

    /** {@code TG_FEATURE=NAME=VALUE,NAME=VALUE}, and the option over it. */
    private SortedMap<String, String> features(TerragruntVariables terragrunt) {
        SortedMap<String, String> features = new TreeMap<>();
        List<String> given = new ArrayList<>(terragrunt.list("FEATURE"));
        given.addAll(global.features);
        for (String feature : given) {
            int equals = feature.indexOf('=');
            if (equals < 1) {
                throw BadOption.invalid("cannot use --feature \"%s\"".formatted(feature), "it is not NAME=VALUE");
            }
            features.put(feature.substring(0, equals), feature.substring(equals + 1));
        }
        return features;
    }

    private String who() {
        String user = environment.getOrDefault("USER", System.getProperty("user.name", "unknown"));
        String machine = environment.getOrDefault("HOSTNAME", "");
        return machine.isEmpty() ? user : user + "@" + machine;
    }

    BuildContext context() throws IOException {
        return context(storeFolder());
    }

    /** Made when it is first asked for, and its folder where there is none; closed with the command. */
    BuildContext context(Path folder) throws IOException {
        BuildContext known = workshops.get(folder);
        if (known != null) {
            return known;
        }
        Store store = store(folder);
        BuildContext made = new BuildContext(
                new Steps(store, events, global.fresh),
                registries(),
                this::proxmox,
                Workers.perCore(),
                new Apt(folder.resolve(OpenStore.PACKAGES), Path.of("/etc")),
                new Downloads(store, transport(), retries()),
                sourceDate(),
                !global.noPush,
                global.overwriteTag,
                new Sandbox());
        workshops.put(folder, made);
        return surroundings.opened().add(made, made::close);
    }

    /** One client for all units that speak to the same hosts: with one login. */
    private ProxmoxClient proxmox(List<String> nodes, List<String> hostnames) {
        boolean given = !environment.getOrDefault("PROXMOX_VE_ENDPOINT", "").isEmpty();
        List<List<String>> hosts = given ? List.of() : List.of(nodes, hostnames);
        synchronized (clients) {
            ProxmoxClient known = clients.get(hosts);
            if (known == null) {
                known = ProxmoxEnvironment.client(
                        environment,
                        nodes,
                        hostnames,
                        new ProxmoxSettings.Watch(InstantSource.system(), what -> events.info("", what)));
                clients.put(hosts, known);
            }
            return known;
        }
    }

    /** In use until the command ends, so that nobody cleans it meanwhile. */
    Store store() throws IOException {
        return store(storeFolder());
    }

    private Store store(Path folder) throws IOException {
        try {
            OpenStore opened = OpenStore.at(folder, InstantSource.system());
            if (!opened.removed().isEmpty()) {
                long size = opened.removed().stream().mapToLong(StoreItem::size).sum();
                events.detail("", "removed leftovers of killed runs from the store: " + ByteSize.of(size));
            }
            return surroundings.opened().add(opened.store(), opened::close);
        } catch (java.nio.file.FileSystemException e) {
            String home = environment.get("HOME");
            boolean ofHome = home != null
                    && folder.equals(Path.of(home, ".cache", "talos-forge").toAbsolutePath());
            throw new BuildException(
                    new Problem(
                            Problem.Kind.ENVIRONMENT,
                            "cannot open the store " + folder,
                            null,
                            "%s: %s%s"
                                    .formatted(
                                            e.getFile(),
                                            e instanceof java.nio.file.NoSuchFileException
                                                    ? "there is no such folder, and it cannot be created"
                                                    : e instanceof java.nio.file.AccessDeniedException
                                                            ? "the operating system denies it"
                                                            : e.getReason(),
                                            ofHome ? " (HOME is %s)".formatted(home) : ""),
                            "use a writable folder: --store DIR, or export TALOS_FORGE_STORE=DIR"),
                    e);
        }
    }

    RegistryClient registries() throws IOException {
        return new RegistryClient(
                transport(),
                retries(),
                registrySettings(),
                DockerCredentials.in(CredentialFiles.of(environment, user()), environment, HELPER_LIMIT));
    }

    private HttpTransport transport() throws IOException {
        HttpTransport made = transport;
        if (made == null) {
            String authorities = environment.get("TALOS_FORGE_CA_FILE");
            TlsSettings tls = authorities == null ? TlsSettings.system() : TlsSettings.trusting(Path.of(authorities));
            TransportSettings settings =
                    TransportSettings.usual().with(proxies()).with(tls);
            try {
                made = new HttpTransport(settings);
            } catch (IOException e) {
                throw unreadable("cannot use TALOS_FORGE_CA_FILE, which names " + authorities, e);
            }
            transport = surroundings.opened().add(made, made::close);
        }
        return made;
    }

    private static BuildException unreadable(String what, IOException e) {
        return new BuildException(
                new Problem(Problem.Kind.INVALID_INPUT, what, null, String.valueOf(e.getMessage()), null), e);
    }

    private static Retries retries() {
        return new Retries(
                RetryPolicy.usual(),
                Thread::sleep,
                () -> ThreadLocalRandom.current().nextDouble());
    }

    private ProxySettings proxies() {
        try {
            return ProxySettings.parse(proxy("HTTPS_PROXY"), proxy("HTTP_PROXY"), proxy("NO_PROXY"));
        } catch (IllegalArgumentException e) {
            // The value may hold a password: it is not repeated.
            throw new BuildException(
                    new Problem(
                            Problem.Kind.INVALID_INPUT,
                            "cannot use HTTPS_PROXY or HTTP_PROXY",
                            null,
                            "it is not the address of an http proxy",
                            "export HTTPS_PROXY=http://HOST:PORT"),
                    e);
        }
    }

    private @Nullable String proxy(String name) {
        String value = environment.get(name);
        return value == null ? environment.get(name.toLowerCase(java.util.Locale.ROOT)) : value;
    }

    /** Either the settings themselves or the file that holds them. */
    private RegistrySettings registrySettings() throws IOException {
        String given = environment.get("TALOS_FORGE_REGISTRIES");
        if (given == null || given.isEmpty()) {
            return RegistrySettings.none();
        }
        if (given.stripLeading().startsWith("{")) {
            return RegistrySettings.parse(given.getBytes(StandardCharsets.UTF_8));
        }
        String what = "cannot use TALOS_FORGE_REGISTRIES, which names " + given;
        try {
            return RegistrySettings.parse(ByteSource.of(Path.of(given)).readAll("registry settings", MAX_SETTINGS));
        } catch (BuildException e) {
            throw new BuildException(
                    e.problems().stream()
                            .map(problem ->
                                    new Problem(problem.kind(), what, problem.where(), problem.why(), problem.remedy()))
                            .toList(),
                    e);
        } catch (java.nio.file.NoSuchFileException e) {
            throw new BuildException(
                    new Problem(
                            Problem.Kind.INVALID_INPUT,
                            what,
                            null,
                            "there is no such file; inline settings start with {",
                            null),
                    e);
        } catch (java.nio.file.FileSystemException e) {
            throw unreadable(what, e);
        }
    }

    /** Of this process, where the operating system numbers its users. */
    private static @Nullable Long user() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid") instanceof Integer uid
                    ? Integer.toUnsignedLong(uid)
                    : null;
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return null;
        }
    }

    Path storeFolder() {
        if (global.store != null) {
            return global.store.toAbsolutePath();
        }
        String named = environment.get("TALOS_FORGE_STORE");
        if (named != null && !named.isEmpty()) {
            return Path.of(named).toAbsolutePath();
        }
        String cache = environment.get("XDG_CACHE_HOME");
        if (cache != null && !cache.isEmpty()) {
            return Path.of(cache, "talos-forge").toAbsolutePath();
        }
        String home = environment.get("HOME");
        return Path.of(home == null ? "." : home, ".cache", "talos-forge").toAbsolutePath();
    }

    private SortedMap<String, Value> variables() {
        SortedMap<String, Value> variables = new TreeMap<>();
        for (String variable : global.variables) {
            int equals = variable.indexOf('=');
            if (equals < 1) {
                throw BadOption.invalid("cannot use --var \"%s\"".formatted(variable), "it is not NAME=VALUE");
            }
            variables.put(variable.substring(0, equals), Value.of(variable.substring(equals + 1)));
        }
        return variables;
    }

    private @Nullable Long sourceDate() {
        String text = environment.get("SOURCE_DATE_EPOCH");
        if (text == null || text.isEmpty()) {
            return null;
        }
        if (!text.matches("[0-9]{1,10}") || Long.parseLong(text) > MAX_TIME) {
            throw BadOption.invalid(
                    "cannot use SOURCE_DATE_EPOCH",
                    "\"%s\" is not a number of seconds from 0 to %d".formatted(text, MAX_TIME));
        }
        return Long.parseLong(text);
    }

    /** A line of the result. */
    void print(String text) {
        clear();
        surroundings.out().println(text);
    }

    /** A line of the result as it is, for whoever reads it from a pipe; on a terminal nothing steers that. */
    void printRaw(String text) {
        if (surroundings.terminal()) {
            print(text);
        } else {
            clear();
            surroundings
                    .out()
                    .writeBytes((text + System.lineSeparator()).getBytes(java.nio.charset.StandardCharsets.UTF_8));
            surroundings.out().flush();
        }
    }

    /** A part of the result, which ends its lines itself. */
    void printPart(String text) {
        clear();
        surroundings.out().print(text);
    }

    /** Something that is no result. */
    void error(String text) {
        clear();
        surroundings.err().print(text);
    }

    /**
     * Says what stopped a unit.
     *
     * @return the exit code: the one given when it is no success, else that of the first problem
     */
    int tell(UnitResult result, int code) {
        int found = tell(result.problems(), code);
        if (result.bug() != null) {
            bug(result.unit(), result.bug());
            return 1;
        }
        return found;
    }

    /** As {@link #tell(UnitResult, int)}, of a unit that was only looked at. */
    int tell(List<Problem> problems, int code) {
        told.render(problems).forEach(this::error);
        return code == 0 && !problems.isEmpty()
                ? ProblemText.exitCode(problems.getFirst().kind())
                : code;
    }

    /** Something that is allowed, and hardly meant. */
    void warn(LintFinding finding) {
        if (!json()) {
            error(ProblemText.renderWarning(finding.toProblem()));
        }
    }

    boolean verbose() {
        return global.verbose;
    }

    private void bug(String unit, Throwable bug) {
        error("error: a bug in talos-forge, in unit %s: %s%n".formatted(unit, bug));
        surroundings.err().println("  try:   report it with the lines below; check them for secrets first");
        bug.printStackTrace(surroundings.err());
    }

    void clear() {
        if (events instanceof TerminalEvents terminal) {
            terminal.clear();
        }
    }
}
