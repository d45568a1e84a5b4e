package dev.talosforge.debian;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.OpenFile;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.json.Json;
import dev.talosforge.json.JsonReader;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Fetches Debian packages by {@code apt-get} with a private configuration: it uses the machine's mirrors and keys, but
 * neither its list of installed packages nor its caches. Needs no root and changes nothing outside the folder.
 *
 * <pre>
 *   apt.conf, sources.list.d/   made from the machine's configuration
 *   lists/, cache/              apt's
 *   debs/                       the packages
 *   resolved.json               the packages of each request: the next run needs no apt-get
 * </pre>
 */
public final class Apt {
    private static final String PROGRAM = "apt-get";
    private static final String LISTS = "cannot read the package lists";
    private static final String FIRST = "amd64";
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final int MAX_RESOLVED = 16 << 20;

    /** {@code 'URI' file size SHA256:hex}, as {@code --print-uris} prints it. */
    private static final Pattern URI_LINE = Pattern.compile("'[^']+' (\\S+) (\\d+) SHA256:([0-9a-f]{64})");

    private final Path folder;
    private final Path etc;
    private final String program;
    private final String architecture;

    /** Held while lists and packages change: units and architectures are built in parallel. */
    private final Object turn;

    /**
     * A private apt, for packages of amd64.
     *
     * @param folder is created if it does not exist
     * @param etc is {@code /etc}
     */
    public Apt(Path folder, Path etc) {
        this(folder, etc, PROGRAM);
    }

    /**
     * An apt with another program.
     *
     * @param program the program to call instead of {@code apt-get}
     */
    public Apt(Path folder, Path etc, String program) {
        this(folder, etc, program, FIRST, new Object());
    }

    private Apt(Path folder, Path etc, String program, String architecture, Object turn) {
        this.program = program;
        this.turn = turn;
        this.folder = folder.toAbsolutePath().normalize();
        this.etc = etc;
        this.architecture = architecture;
    }

    /**
     * The same for packages of another architecture, in a separate folder; the machine need not support that
     * architecture.
     *
     * @param debian Debian's name for it, such as {@code arm64}
     */
    public Apt of(String debian) {
        return debian.equals(architecture) ? this : new Apt(folder.resolve(debian), etc, program, debian, turn);
    }

    /** Why this machine cannot fetch packages that it does not have yet; null if it can try. Fetches nothing. */
    public @Nullable Problem problem() throws IOException {
        try {
            configure();
            aptGet(folder.resolve("none"), LISTS, List.of("--version"), null);
            return null;
        } catch (BuildException e) {
            return e.problems().getFirst();
        }
    }

    /**
     * The packages of every request, by name. What an earlier run resolved is reused as long as its files are intact;
     * otherwise the package lists are fetched, once.
     */
    public DebPackages fetch(List<PackageRequest> includes) throws IOException {
        Json.JsonObject known = known();
        SequencedMap<String, List<DebFile>> found = new TreeMap<>();
        List<PackageRequest> open = new ArrayList<>();
        for (PackageRequest request : includes) {
            List<DebFile> files = recorded(known.object(request.name()), request);
            if (files.isEmpty()) {
                open.add(request);
            } else {
                found.put(request.name(), files);
            }
        }
        if (!open.isEmpty()) {
            AptSources sources = configure();
            update();
            SequencedMap<String, List<DebFile>> resolved = new TreeMap<>();
            for (PackageRequest request : open) {
                List<DebFile> files = resolve(request, sources);
                resolved.put(request.name(), files);
                known = known.with(request.name(), record(request, files));
            }
            found.putAll(resolved);
            download(resolved.values(), null);
            found.values().forEach(files -> files.forEach(Apt::check));
            Path temporary = folder.resolve("resolved.json.new");
            OpenFile.write(temporary, known.compact().getBytes(UTF_8));
            Files.move(temporary, folder.resolve("resolved.json"), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        }
        return new DebPackages(found);
    }

    /**
     * The packages of a request, in exactly the versions of a lock. If the lock has none for this architecture yet,
     * they are resolved and added to it; otherwise no other versions are ever used: a version that the archive no
     * longer has is a problem.
     */
    public List<DebFile> locked(PackageRequest request, Path lock) throws IOException {
        synchronized (turn) {
            if (!DebianLock.has(lock, architecture, request)) {
                List<DebFile> files = fetch(List.of(request)).of(request.name());
                DebianLock.write(lock, architecture, request, files);
                // In the lock's order, as in every later run: if two packages have the same file, the later one wins.
                return DebianLock.read(lock, architecture, request, folder.resolve("debs"));
            }
            List<DebFile> files = DebianLock.read(lock, architecture, request, folder.resolve("debs"));
            if (!files.stream().allMatch(Apt::isWhole)) {
                configure();
                update();
                download(List.of(files), gone(lock));
            }
            files.forEach(Apt::check);
            return files;
        }
    }

    private static String gone(Path lock) {
        return ("if the archive no longer has these versions: point apt's sources at Debian's snapshot archive of"
                        + " the day of %s, or remove that lock to resolve the packages again")
                .formatted(lock);
    }

    private AptSources configure() throws IOException {
        AptSources sources = AptSources.read(etc);
        for (String name : List.of("lists/partial", "cache/archives/partial", "sources.list.d", "none", "debs")) {
            Files.createDirectories(folder.resolve(name));
        }
        OpenFile.write(
                folder.resolve("sources.list.d/lab.sources"), sources.text().getBytes(UTF_8));
        OpenFile.write(folder.resolve("status"), new byte[0]);
        OpenFile.write(folder.resolve("apt.conf"), """
                // Made by talos-forge. Read after the machine's own configuration, whose proxies and keys stay.
                #clear APT::Update::Pre-Invoke;
                #clear APT::Update::Post-Invoke;
                #clear APT::Update::Post-Invoke-Success;
                #clear DPkg::Pre-Invoke;
                #clear DPkg::Post-Invoke;
                #clear APT::Architectures;
                #clear APT::Install-Recommends;
                APT::Architecture "%3$s";
                APT::Architectures { "%3$s"; };
                APT::Install-Recommends "false";
                APT::Default-Release "%2$s";
                APT::Sandbox::User "";
                Acquire::ForceHash "SHA256";
                Acquire::Retries "3";
                Debug::NoLocking "true";
                Dir::State "%1$s";
                Dir::State::lists "%1$s/lists";
                Dir::State::status "%1$s/status";
                Dir::State::extended_states "%1$s/extended_states";
                Dir::Cache "%1$s/cache";
                Dir::Cache::archives "%1$s/cache/archives";
                Dir::Etc::sourcelist "/dev/null";
                Dir::Etc::sourceparts "%1$s/sources.list.d";
                Dir::Etc::preferences "/dev/null";
                Dir::Etc::preferencesparts "%1$s/none";
                """.formatted(folder, sources.release(), architecture)
                .getBytes(UTF_8));
        return sources;
    }

    private List<DebFile> resolve(PackageRequest request, AptSources sources) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("-qq", "-y", "--print-uris"));
        arguments.add(request.dependencies() ? "install" : "download");
        for (String name : request.packages()) {
            arguments.add(request.newer() ? name + "/" + sources.newer() : name);
        }
        if (request.newer() && request.dependencies()) {
            arguments.addAll(List.of("-t", sources.newer()));
        }
        if (request.dependencies() && !request.newer()) {
            // Otherwise apt chooses the conversion of old machines, and Perl with it.
            arguments.add("usr-is-merged");
        }
        String what = "cannot resolve the Debian packages of " + request.name();
        List<DebFile> files = new ArrayList<>();
        // Not the packages folder: apt would not name packages that are already there.
        for (String line :
                aptGet(folder.resolve("none"), what, arguments, null).lines().toList()) {
            Matcher uri = URI_LINE.matcher(line.strip());
            if (uri.matches()) {
                DebFile file = file(uri.group(1), Long.parseLong(uri.group(2)), new Sha256(uri.group(3)));
                if (request.includes(file.name()) && !file.name().equals("usr-is-merged")) {
                    files.add(file);
                }
            }
        }
        if (files.isEmpty()) {
            throw new BuildException(Problem.failed(Problem.Kind.ENVIRONMENT, what)
                    .because("apt-get named no file for " + String.join(", ", request.packages())));
        }
        return List.copyOf(files);
    }

    private DebFile file(String fileName, long size, Sha256 sha256) {
        String[] parts = fileName.split("_", -1);
        String version = URLDecoder.decode(parts[1].replace("+", "%2B"), UTF_8);
        return new DebFile(parts[0], version, folder.resolve("debs").resolve(fileName), size, sha256);
    }

    private void download(Collection<List<DebFile>> wanted, @Nullable String remedy) throws IOException {
        List<String> missing = wanted.stream()
                .flatMap(List::stream)
                .filter(file -> !isWhole(file))
                .map(file -> file.name() + "=" + file.version())
                .distinct()
                .toList();
        if (!missing.isEmpty()) {
            List<String> arguments = new ArrayList<>(List.of("-q", "download"));
            arguments.addAll(missing);
            aptGet(folder.resolve("debs"), "cannot download Debian packages", arguments, remedy);
        }
    }

    private static void check(DebFile file) {
        if (!isWhole(file)) {
            throw new BuildException(
                    Problem.failed(Problem.Kind.BAD_ARTIFACT, "cannot use the Debian package " + file.name())
                            .because("%s is missing or differs from the archive's index (sha256 %s)"
                                    .formatted(file.file(), file.sha256().hex()))
                            .trying("remove the file and run the same command again"));
        }
    }

    private static boolean isWhole(DebFile file) {
        try {
            return Files.isRegularFile(file.file())
                    && Files.size(file.file()) == file.size()
                    && Sha256.of(ByteSource.of(file.file())).equals(file.sha256());
        } catch (IOException e) {
            return false;
        }
    }

    private void update() throws IOException {
        aptGet(folder.resolve("none"), LISTS, List.of("-q", "update"), null);
    }

    private String aptGet(Path where, String what, List<String> arguments, @Nullable String remedy) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(program, "-c", folder.resolve("apt.conf").toString()));
        command.addAll(arguments);
        return new HostCommand(where, folder.resolve("apt.log"))
                .with(remedy)
                .run(what, AptSources.DEBIAN, LIMIT, command);
    }

    private Json.JsonObject known() throws IOException {
        Path file = folder.resolve("resolved.json");
        if (!Files.exists(file)) {
            return Json.object().build();
        }
        return JsonReader.readObject(file.toString(), ByteSource.of(file).readAll(file.toString(), MAX_RESOLVED));
    }

    private static Json.JsonObject record(PackageRequest request, List<DebFile> files) {
        List<Json> items = new ArrayList<>();
        for (DebFile file : files) {
            items.add(Json.object()
                    .put("file", file.file().getFileName().toString())
                    .put("size", file.size())
                    .put("sha256", file.sha256().hex())
                    .build());
        }
        return Json.object()
                .put("request", request.toString())
                .put("files", new Json.JsonArray(items))
                .build();
    }

    /** The files of an earlier run; none if the request changed or a file is not intact. */
    private List<DebFile> recorded(Json.@Nullable JsonObject record, PackageRequest request) {
        if (record == null || !request.toString().equals(record.text("request"))) {
            return List.of();
        }
        List<DebFile> files = new ArrayList<>();
        for (Json item : record.items("files")) {
            DebFile file = item instanceof Json.JsonObject object ? recorded(object) : null;
            if (file == null || !isWhole(file)) {
                return List.of();
            }
            files.add(file);
        }
        return files;
    }

    private @Nullable DebFile recorded(Json.JsonObject item) {
        String name = item.text("file");
        Long size = item.whole("size");
        String sha256 = item.text("sha256");
        return name == null || size == null || sha256 == null ? null : file(name, size, new Sha256(sha256));
    }
}
