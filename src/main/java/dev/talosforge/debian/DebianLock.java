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
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Names the exact packages of an extension, so that the same tree gives the same image tomorrow.
 *
 * <pre>
 *   {"packages": ["frr"], "files": [{"name", "version", "file", "size", "sha256"}, …], "arm64": [{"name", …}, …]}
 * </pre>
 *
 * <p>{@code files} are those of amd64; other architectures have lists of their own, under their names.
 */
public final class DebianLock {
    private static final int MAX_BYTES = 16 << 20;

    /** Whose list is {@code files}. */
    static final String FIRST = "amd64";

    private DebianLock() {}

    private static String member(String architecture) {
        return architecture.equals(FIRST) ? "files" : architecture;
    }

    private static JsonObject json(Path lock) throws IOException {
        return JsonReader.readObject(lock.toString(), ByteSource.of(lock).readAll(lock.toString(), MAX_BYTES));
    }

    /** Whether there is a list for the architecture, in a lock that is there. */
    static boolean has(Path lock, String architecture) throws IOException {
        return json(lock).get(member(architecture)) != null;
    }

    /** Writes the list of one architecture; those of others stay. One at a time: architectures are built side by side. */
    static synchronized void write(Path lock, String architecture, List<String> packages, List<DebFile> files)
            throws IOException {
        List<DebFile> sorted = files.stream()
                .sorted(Comparator.comparing(DebFile::name).thenComparing(DebFile::version))
                .toList();
        JsonObject before = Files.exists(lock)
                ? json(lock)
                : Json.object().put("packages", Json.ofTexts(packages)).build();
        SequencedMap<String, Json> members = new LinkedHashMap<>();
        members.put("packages", before.members().getOrDefault("packages", Json.ofTexts(packages)));
        SequencedMap<String, Json> lists = new TreeMap<>(
                Comparator.comparing((String name) -> !name.equals("files")).thenComparing(Comparator.naturalOrder()));
        lists.putAll(before.members());
        lists.remove("packages");
        lists.put(
                member(architecture),
                Json.array(
                        sorted,
                        file -> Json.object()
                                .put("name", file.name())
                                .put("version", file.version())
                                .put("file", String.valueOf(file.file().getFileName()))
                                .put("size", file.size())
                                .put("sha256", file.sha256().hex())
                                .build()));
        members.putAll(lists);
        WholeFile.write(lock, new JsonObject(members).pretty().getBytes(StandardCharsets.UTF_8));
    }

    /** Fails when the lock was made for other packages. */
    static void check(Path lock, List<String> packages) throws IOException {
        List<String> locked = Json.texts(json(lock).items("packages"));
        if (!locked.equals(packages)) {
            throw stale(
                    lock,
                    "it was made for %s, asked for are %s"
                            .formatted(String.join(", ", locked), String.join(", ", packages)));
        }
    }

    /** The files that a lock names, whether they are there or not, in the lock's order. */
    static List<DebFile> read(Path lock, String architecture, List<String> packages, Path folder) throws IOException {
        check(lock, packages);
        JsonObject json = json(lock);
        List<DebFile> files = new ArrayList<>();
        for (Json item : json.items(member(architecture))) {
            if (!(item instanceof JsonObject object)) {
                throw stale(lock, "it lists something that is no package");
            }
            String name = object.text("name");
            String version = object.text("version");
            String file = object.text("file");
            Long size = object.whole("size");
            String sha256 = object.text("sha256");
            if (name == null || version == null || file == null || size == null || sha256 == null) {
                throw stale(lock, "it lists a package without name, version, file, size or sha256");
            }
            if (!file.matches("[A-Za-z0-9][A-Za-z0-9.+~%:_-]*\\.deb") || !sha256.matches("[0-9a-f]{64}")) {
                throw stale(lock, "it names a file \"%s\" that no Debian archive has".formatted(file));
            }
            files.add(new DebFile(name, version, folder.resolve(file), size, new Sha256(sha256)));
        }
        return files;
    }

    /**
     * Versions by package, for looking at: also of a lock that was made for other packages. Empty where there is no lock;
     * what is no lock has no packages.
     */
    public static SortedMap<String, String> versions(Path lock) throws IOException {
        SortedMap<String, String> versions = new TreeMap<>();
        if (!Files.isRegularFile(lock)) {
            return versions;
        }
        JsonObject json = json(lock);
        for (String member : json.members().keySet()) {
            for (Json item : member.equals("packages") ? List.<Json>of() : json.items(member)) {
                if (item instanceof JsonObject object) {
                    String name = object.text("name");
                    String version = object.text("version");
                    if (name != null && version != null) {
                        versions.merge(name, version, DebianLock::both);
                    }
                }
            }
        }
        return versions;
    }

    private static String both(String first, String second) {
        return List.of(first.split(", ", -1)).contains(second) ? first : first + ", " + second;
    }

    private static BuildException stale(Path lock, String why) {
        return new BuildException(
                new Problem(
                        Problem.Kind.INVALID_INPUT,
                        "cannot use the lock " + lock,
                        null,
                        why,
                        "remove the lock to have the packages resolved anew"),
                null);
    }
}
