package dev.talosforge.lab.pve;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the cluster's files are: one directory per shared storage, one per node and storage for the others.
 *
 * <pre>
 *   shared/STORAGE/template/iso/NAME, shared/STORAGE/import/NAME
 *   nodes/NODE/STORAGE/template/iso/NAME, …
 *   nodes/NODE/var/tmp/pveupload-HEX
 * </pre>
 */
final class PveStore {
    private static final Pattern IMPORT = Pattern.compile("[^/]+\\.(ova|qcow2|raw|vmdk)");
    private static final Pattern ISO = Pattern.compile("[^/]+\\.(iso|img)", Pattern.CASE_INSENSITIVE);
    private static final int MAX_LISTED = 100_000;

    private final Path root;
    private final PveFaults faults;

    PveStore(Path root, PveFaults faults) {
        this.root = root;
        this.faults = faults;
    }

    /** A stored file: name, bytes, seconds since the epoch. */
    record Stored(String name, long size, long changed) {}

    /** The folder of one type of content below the storage's. */
    static String folder(String type) {
        return type.equals("import") ? "import" : "template/" + type;
    }

    Path directory(String node, PveWorld.Storage storage, String type) {
        Path base = storage.shared()
                ? root.resolve("shared")
                : root.resolve("nodes").resolve(node);
        return base.resolve(storage.id()).resolve(folder(type));
    }

    /** For uploads in progress, on the node that receives them. */
    Path temporary(String node) {
        return root.resolve("nodes").resolve(node).resolve("var").resolve("tmp");
    }

    /** Temporary files that exist now: after all tasks have ended, those that were leaked. */
    int temporaryFiles(String node) throws IOException {
        return list(temporary(node), Pattern.compile(".*")).size();
    }

    /** By lower-case name, like the real listing. A lagging listing leaves out the file that changed last. */
    List<Stored> listing(String node, PveWorld.Storage storage, String type) throws IOException {
        List<Stored> all = list(directory(node, storage, type), type.equals("iso") ? ISO : IMPORT);
        if (!all.isEmpty() && faults.strikes(PveFault.LISTING_LAGS)) {
            all.remove(
                    all.stream().max(Comparator.comparingLong(Stored::changed)).orElseThrow());
        }
        return all;
    }

    private static List<Stored> list(Path directory, Pattern names) throws IOException {
        List<Stored> files = new ArrayList<>();
        if (!Files.isDirectory(directory)) {
            return files;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (files.size() < MAX_LISTED && names.matcher(name).matches() && Files.isRegularFile(entry)) {
                    BasicFileAttributes attributes = Files.readAttributes(entry, BasicFileAttributes.class);
                    files.add(new Stored(
                            name,
                            attributes.size(),
                            attributes.lastModifiedTime().toMillis() / 1000));
                }
            }
        }
        files.sort(Comparator.comparing((Stored file) -> file.name().toLowerCase(Locale.ROOT))
                .thenComparing(Stored::name));
        return files;
    }

    /** Null for a name that leaves the directory. */
    @Nullable
    Path file(String node, PveWorld.Storage storage, String type, String name) {
        if (name.isEmpty() || name.contains("/") || name.contains("\0") || name.equals(".") || name.equals("..")) {
            return null;
        }
        return directory(node, storage, type).resolve(name);
    }

    long used(String node, PveWorld.Storage storage) throws IOException {
        long sum = 0;
        for (String type : List.of("iso", "import")) {
            for (Stored file : list(directory(node, storage, type), Pattern.compile(".*"))) {
                sum += file.size();
            }
        }
        return sum;
    }

    long available(String node, PveWorld.Storage storage) throws IOException {
        return Math.max(0, storage.totalBytes() - used(node, storage));
    }

    /** Removes the file, and the directory with the last one. */
    boolean delete(String node, PveWorld.Storage storage, Path file) throws IOException {
        boolean was = Files.deleteIfExists(file);
        Path directory = file.getParent();
        if (directory != null
                && Files.isDirectory(directory)
                && list(directory, Pattern.compile(".*")).isEmpty()) {
            Files.deleteIfExists(directory);
        }
        return was;
    }
}
