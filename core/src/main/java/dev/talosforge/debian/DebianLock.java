package dev.talosforge.debian;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.bytes.WholeFile;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.JsonReader;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Pins the exact packages of an extension, so that the same tree gives the same image tomorrow.
 *
 * <pre>
 *   {"format": 2,
 *    "requests": [{"for": "container", "packages": ["frr"],
 *                  "amd64": [{"name", "version", "file", "size", "sha256"}, …], "arm64": […]}, …]}
 * </pre>
 *
 * <p>Format 1 had a single request for a container, with its list for amd64 in {@code files}. It is read, and rewritten
 * in the new form when something is added.
 */
public final class DebianLock {
    /** The size of a lock, in bytes. */
    public static final int MAX_BYTES = 16 << 20;

    private static final int FORMAT = 2;
    private static final String REQUESTS = "requests";
    private static final String PURPOSE = "for";
    private static final String PACKAGES = "packages";

    private DebianLock() {}

    /** One request's part. */
    private static List<JsonObject> requests(Path lock) throws IOException {
        JsonObject json =
                JsonReader.readObject(lock.toString(), ByteSource.of(lock).readAll(lock.toString(), MAX_BYTES));
        if (json.get(PACKAGES) != null) {
            return List.of(upgraded(json));
        }
        Long format = json.whole("format");
        if (format == null || format != FORMAT) {
            throw broken(lock, format == null ? "its format number is missing" : newer(format));
        }
        List<JsonObject> requests = new ArrayList<>();
        for (Json item : json.items(REQUESTS)) {
            if (!(item instanceof JsonObject request) || request.text(PURPOSE) == null) {
                throw broken(lock, "it has a request that is not an object");
            }
            requests.add(request);
        }
        return requests;
    }

    private static String newer(long format) {
        return "its format is %d, expected %d: a newer Talos Forge wrote it".formatted(format, FORMAT);
    }

    /** Format 1 had one request, with its list for amd64 in "files". */
    private static JsonObject upgraded(JsonObject old) {
        SequencedMap<String, Json> members = new LinkedHashMap<>();
        members.put(PURPOSE, Json.of(PackageRequest.Purpose.CONTAINER.label()));
        members.put(PACKAGES, old.members().getOrDefault(PACKAGES, Json.ofTexts(List.of())));
        SortedMap<String, Json> lists = new TreeMap<>(old.members());
        lists.remove(PACKAGES);
        Json files = lists.remove("files");
        if (files != null) {
            lists.put("amd64", files);
        }
        members.putAll(lists);
        return new JsonObject(members);
    }

    private static boolean isOf(JsonObject entry, PackageRequest request) {
        return request.purpose().label().equals(entry.text(PURPOSE))
                && Json.texts(entry.items(PACKAGES)).equals(request.packages());
    }

    private static @Nullable JsonObject find(Path lock, PackageRequest request) throws IOException {
        if (!Files.isRegularFile(lock)) {
            return null;
        }
        for (JsonObject entry : requests(lock)) {
            if (isOf(entry, request)) {
                return entry;
            }
        }
        return null;
    }

    /** Whether the lock has the request's packages for an architecture. A missing lock has nothing. */
    public static boolean has(Path lock, String architecture, PackageRequest request) throws IOException {
        JsonObject entry = find(lock, request);
        return entry != null && entry.get(architecture) != null;
    }

    /**
     * Writes the packages of a request and keeps everything else. One at a time: architectures are built in parallel.
     */
    static synchronized void write(Path lock, String architecture, PackageRequest request, List<DebFile> files)
            throws IOException {
        List<JsonObject> entries = Files.exists(lock) ? new ArrayList<>(requests(lock)) : new ArrayList<>();
        JsonObject before = find(lock, request);
        entries.removeIf(entry -> isOf(entry, request));
        SequencedMap<String, Json> members = new LinkedHashMap<>();
        members.put(PURPOSE, Json.of(request.purpose().label()));
        members.put(PACKAGES, Json.ofTexts(request.packages()));
        SortedMap<String, Json> lists = new TreeMap<>(before == null ? new TreeMap<>() : before.members());
        lists.keySet().removeAll(members.keySet());
        lists.put(architecture, json(files));
        members.putAll(lists);
        entries.add(new JsonObject(members));
        entries.sort(Comparator.comparing(DebianLock::title));
        JsonObject json = Json.object()
                .put("format", FORMAT)
                .put(REQUESTS, Json.array(entries, entry -> entry))
                .build();
        WholeFile.write(lock, json.pretty().getBytes(StandardCharsets.UTF_8));
    }

    private static Json json(List<DebFile> files) {
        List<DebFile> sorted = files.stream()
                .sorted(Comparator.comparing(DebFile::name).thenComparing(DebFile::version))
                .toList();
        return Json.array(
                sorted,
                file -> Json.object()
                        .put("name", file.name())
                        .put("version", file.version())
                        .put("file", String.valueOf(file.file().getFileName()))
                        .put("size", file.size())
                        .put("sha256", file.sha256().hex())
                        .build());
    }

    /** {@code "frr, tini for the container"}. */
    private static String title(JsonObject entry) {
        return "%s for the %s".formatted(String.join(", ", Json.texts(entry.items(PACKAGES))), entry.text(PURPOSE));
    }

    /**
     * Fails if the lock was made for other packages: pins are not dropped without being asked. Additional requests are
     * no reason to fail.
     *
     * @param all requests of the unit
     */
    public static void check(Path lock, Collection<PackageRequest> all) throws IOException {
        if (!Files.isRegularFile(lock)) {
            return;
        }
        List<JsonObject> entries = requests(lock);
        List<PackageRequest> missing = all.stream()
                .filter(request -> entries.stream().noneMatch(entry -> isOf(entry, request)))
                .toList();
        List<String> stale = entries.stream()
                .filter(entry -> all.stream().noneMatch(request -> isOf(entry, request)))
                .map(DebianLock::title)
                .toList();
        if (!missing.isEmpty() && !stale.isEmpty()) {
            throw stale(
                    lock,
                    "it was made for %s, but the unit asks for %s"
                            .formatted(
                                    String.join("; ", stale),
                                    missing.stream().map(PackageRequest::title).collect(Collectors.joining("; "))));
        }
    }

    /** The files that a lock names, downloaded or not, in the lock's order. The lock must have the request. */
    static List<DebFile> read(Path lock, String architecture, PackageRequest request, Path folder) throws IOException {
        JsonObject entry = find(lock, request);
        List<DebFile> files = new ArrayList<>();
        for (Json item : entry == null ? List.<Json>of() : entry.items(architecture)) {
            if (!(item instanceof JsonObject object)) {
                throw stale(lock, "it lists something that is not a package");
            }
            files.add(file(lock, object, folder));
        }
        if (files.isEmpty()) {
            throw stale(lock, "it has no package of %s for %s".formatted(request.title(), architecture));
        }
        return files;
    }

    private static DebFile file(Path lock, JsonObject object, Path folder) {
        String name = object.text("name");
        String version = object.text("version");
        String file = object.text("file");
        Long size = object.whole("size");
        String hex = object.text("sha256");
        if (name == null || version == null || file == null || size == null || hex == null) {
            throw stale(lock, "it lists a package without a name, version, file, size or sha256");
        }
        Sha256 sha256 = Sha256.tryHex(hex);
        if (sha256 == null || !file.matches("[A-Za-z0-9][A-Za-z0-9.+~%:_-]*\\.deb")) {
            throw stale(lock, "it names a file \"%s\", which no Debian archive has".formatted(file));
        }
        return new DebFile(name, version, folder.resolve(file), size, sha256);
    }

    /**
     * A package for one architecture.
     *
     * @param sha256 of its file; null if the lock does not have it in the right form
     */
    public record Locked(
            String name,
            String architecture,
            String version,
            @Nullable Sha256 sha256) {}

    /**
     * Packages of a request, by name, one for each architecture that needs it; for display; empty if the lock does not
     * have it yet.
     */
    public static SortedMap<String, List<Locked>> packages(Path lock, PackageRequest request) throws IOException {
        SortedMap<String, List<Locked>> packages = new TreeMap<>();
        JsonObject entry = find(lock, request);
        if (entry == null) {
            return packages;
        }
        for (String member : entry.members().keySet()) {
            boolean list = !member.equals(PURPOSE) && !member.equals(PACKAGES);
            for (Json item : list ? entry.items(member) : List.<Json>of()) {
                if (item instanceof JsonObject object) {
                    String name = object.text("name");
                    String version = object.text("version");
                    if (name != null && version != null) {
                        packages.computeIfAbsent(name, _ -> new ArrayList<>())
                                .add(new Locked(name, member, version, Sha256.tryHex(object.text("sha256"))));
                    }
                }
            }
        }
        return packages;
    }

    private static BuildException stale(Path lock, String why) {
        return failed(lock, why, "remove the lock, or that part of it, to resolve the packages again");
    }

    private static BuildException broken(Path lock, String why) {
        return failed(lock, why, "restore it, or remove it to resolve the packages again");
    }

    private static BuildException failed(Path lock, String why, String remedy) {
        return new BuildException(Problem.failed(Problem.Kind.INVALID_INPUT, "cannot use the lock " + lock)
                .because(why)
                .trying(remedy));
    }
}
