package dev.talosforge.debian;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.JsonReader;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Names the exact packages of an extension, so that the same tree gives the same image tomorrow.
 *
 * <pre>
 *   {"packages": ["frr"], "files": [{"name", "version", "file", "size", "sha256"}, …]}
 * </pre>
 */
public final class DebianLock {
    private static final int MAX_BYTES = 16 << 20;

    private DebianLock() {}

    static void write(Path lock, List<String> packages, List<DebFile> files) throws IOException {
        Path target = lock.toAbsolutePath();
        Path folder = target.getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        List<DebFile> sorted = files.stream()
                .sorted(Comparator.comparing(DebFile::name).thenComparing(DebFile::version))
                .toList();
        Json text = Json.object()
                .put("packages", Json.ofTexts(packages))
                .put(
                        "files",
                        Json.array(
                                sorted,
                                file -> Json.object()
                                        .put("name", file.name())
                                        .put("version", file.version())
                                        .put("file", String.valueOf(file.file().getFileName()))
                                        .put("size", file.size())
                                        .put("sha256", file.sha256().hex())
                                        .build()))
                .build();
        Path temporary = target.resolveSibling("." + target.getFileName() + ".new");
        try {
            Files.writeString(temporary, text.pretty(), StandardCharsets.UTF_8);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** The files that a lock names, whether they are there or not, in the lock's order. */
    static List<DebFile> read(Path lock, List<String> packages, Path folder) throws IOException {
        JsonObject json =
                JsonReader.readObject(lock.toString(), ByteSource.of(lock).readAll(lock.toString(), MAX_BYTES));
        List<String> locked = Json.texts(json.items("packages"));
        if (!locked.equals(packages)) {
            throw stale(
                    lock,
                    "it was made for %s, asked for are %s"
                            .formatted(String.join(", ", locked), String.join(", ", packages)));
        }
        List<DebFile> files = new ArrayList<>();
        for (Json item : json.items("files")) {
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
        JsonObject json =
                JsonReader.readObject(lock.toString(), ByteSource.of(lock).readAll(lock.toString(), MAX_BYTES));
        for (Json item : json.items("files")) {
            if (item instanceof JsonObject object) {
                String name = object.text("name");
                String version = object.text("version");
                if (name != null && version != null) {
                    versions.merge(name, version, (first, second) -> first + ", " + second);
                }
            }
        }
        return versions;
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
