package dev.talosforge.lab.pve;

import dev.talosforge.bytes.Sha256;
import dev.talosforge.json.Json;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What happens to an upload between its last byte and the file on the storage. */
final class PveUploads {
    private static final Pattern ISO = Pattern.compile("[^/]+\\.(iso|img)", Pattern.CASE_INSENSITIVE);
    private static final List<String> TYPES = List.of("iso", "vztmpl", "import");
    private static final Map<String, String> DIGESTS = new TreeMap<>(Map.of(
            "md5", "MD5", "sha1", "SHA-1", "sha224", "SHA-224", "sha256", "SHA-256", "sha384", "SHA-384", "sha512",
            "SHA-512"));
    private static final int PIECE = 1 << 16;

    private final PveWorld world;
    private final PveSettings settings;
    private final PveStore store;
    private final PveTasks tasks;
    private final PveFaults faults;
    private final Random random;

    PveUploads(PveWorld world, PveSettings settings, PveStore store, PveTasks tasks, PveFaults faults, Random random) {
        this.world = world;
        this.settings = settings;
        this.store = store;
        this.tasks = tasks;
        this.faults = faults;
        this.random = random;
    }

    /**
     * An upload whose body has arrived.
     *
     * @param receiver the node that received it
     * @param target the node in the URL
     */
    record Arrived(String receiver, String target, String storage, Path temporary, PveAccess.Caller caller) {}

    Path newTemporary(String node) throws IOException {
        byte[] name = new byte[16];
        random.nextBytes(name);
        Path directory = Files.createDirectories(store.temporary(node));
        return directory.resolve("pveupload-" + HexFormat.of().formatHex(name));
    }

    OutputStream open(Path temporary) throws IOException {
        return new Damaging(Files.newOutputStream(temporary), faults);
    }

    /** Writes through, unless a fault says otherwise. */
    private static final class Damaging extends FilterOutputStream {
        private final PveFaults faults;

        Damaging(OutputStream out, PveFaults faults) {
            super(out);
            this.faults = faults;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (length > 0 && faults.strikes(PveFault.TEMP_FULL)) {
                throw new IOException("No space left on device");
            }
            if (length > 0 && faults.strikes(PveFault.BIT_FLIP)) {
                byte[] changed = java.util.Arrays.copyOfRange(bytes, offset, offset + length);
                changed[length / 2] ^= 1;
                out.write(changed, 0, length);
            } else {
                out.write(bytes, offset, length);
            }
        }
    }

    /** The handler's checks in the real one's order, and the task. Every error leaves the temporary file behind. */
    PveAnswer accept(Arrived upload, SequencedMap<String, String> fields) throws IOException {
        PveAnswer wrong = schema(fields);
        if (wrong != null) {
            return wrong;
        }
        String id = upload.storage;
        PveWorld.Storage storage = world.storage(id);
        if (storage == null) {
            return PveAnswer.of(PveMessage.STORAGE_UNKNOWN, id);
        }
        if (!storage.enabled()) {
            return PveAnswer.of(PveMessage.STORAGE_DISABLED, id);
        }
        if (!storage.usableOn(upload.target)) {
            return PveAnswer.of(PveMessage.STORAGE_ELSEWHERE, id, upload.target);
        }
        if (!storage.pathBased()) {
            return PveAnswer.of(PveMessage.STORAGE_WITHOUT_PATH, storage.type());
        }
        String type = fields.getOrDefault("content", "");
        String name = normalised(fields.getOrDefault("filename", ""));
        if (faults.strikes(PveFault.PARAMETER_REFUSED)) {
            return PveAnswer.parameter("checksum", PveMessage.NO_PATTERN);
        }
        // 9.2.11: the name is normalized first, so that one with "+" or "=" is accepted, and stored with "_"
        if (type.equals("import") && !settings.imports().matcher(name).matches()) {
            return PveAnswer.parameter("filename", PveMessage.WRONG_IMPORT_NAME);
        }
        if (!type.equals("import") && !(type.equals("iso") && ISO.matcher(name).matches())) {
            return PveAnswer.parameter("filename", PveMessage.WRONG_EXTENSION);
        }
        if (!storage.content().contains(type)) {
            return PveAnswer.of(PveMessage.CONTENT_NOT_SUPPORTED, id, type);
        }
        if (faults.strikes(PveFault.MOUNT_FAILS)) {
            return PveAnswer.of(PveMessage.MOUNT_FAILED);
        }
        if (!storage.active()) {
            return PveAnswer.of(PveMessage.STORAGE_NOT_ACTIVATED, id);
        }
        PveWorld.Node target = world.node(upload.target);
        if (target == null || !target.online() || faults.strikes(PveFault.SSH_FAILS)) {
            return PveAnswer.of(PveMessage.OTHER_NODE_FAILED, id, upload.target);
        }
        PveTask task = tasks.start(
                upload.receiver,
                "imgcopy",
                "",
                upload.caller.id(),
                t -> copy(t, upload, storage, new Volume(type, name), fields));
        return PveAnswer.data(Json.of(task.upid())).throughRelay();
    }

    /** The task of an upload whose answer came too late: its file is gone. */
    void ghost(Arrived upload) {
        tasks.start(upload.receiver, "imgcopy", "", upload.caller.id(), task -> {
            throw new IOException(PveMessage.TASK_TEMPORARY_GONE.text(upload.temporary.getFileName()));
        });
    }

    private static @Nullable PveAnswer schema(SequencedMap<String, String> fields) {
        Json.Builder errors = Json.object();
        String missing = PveMessage.PROPERTY_MISSING.text();
        for (String required : List.of("content", "filename")) {
            if (!fields.containsKey(required)) {
                errors.put(required, missing);
            }
        }
        if (fields.containsKey("content") && !TYPES.contains(fields.get("content"))) {
            errors.put("content", PveMessage.NOT_IN_ENUMERATION.text(fields.get("content"), String.join(", ", TYPES)));
        }
        if (fields.getOrDefault("filename", "").length() > 255) {
            errors.put("filename", PveMessage.TOO_LONG.text());
        }
        String algorithm = fields.get("checksum-algorithm");
        if (algorithm != null && !DIGESTS.containsKey(algorithm)) {
            errors.put(
                    "checksum-algorithm",
                    PveMessage.NOT_IN_ENUMERATION.text(algorithm, String.join(", ", DIGESTS.keySet())));
        }
        if (fields.containsKey("checksum") != (algorithm != null)) {
            errors.put(
                    algorithm == null ? "checksum-algorithm" : "checksum",
                    PveMessage.REQUIRED_BY.text(algorithm == null ? "checksum" : "checksum-algorithm"));
        }
        for (String name : fields.keySet()) {
            if (!List.of("content", "filename", "checksum", "checksum-algorithm")
                    .contains(name)) {
                errors.put(name, PveMessage.PROPERTY_UNKNOWN.text());
            }
        }
        var built = errors.build();
        return built.members().isEmpty() ? null : PveAnswer.parameters(built);
    }

    /** Removes the directory part, trims blanks, and replaces every byte outside the safe set by an underscore. */
    static String normalised(String name) {
        String last = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
        return last.strip().replaceAll("[^a-zA-Z0-9_.-]", "_");
    }

    /** Where a file goes on its storage. */
    private record Volume(String type, String name) {
        String shown(PveWorld.Storage storage) {
            return "/mnt/pve/%s/%s/%s".formatted(storage.id(), PveStore.folder(type), name);
        }
    }

    private String copy(
            PveTask task, Arrived upload, PveWorld.Storage storage, Volume volume, SequencedMap<String, String> fields)
            throws IOException, InterruptedException {
        Path temporary = upload.temporary;
        String shown = "/var/tmp/" + temporary.getFileName();
        boolean killed = faults.strikes(PveFault.TASK_KILLED);
        boolean orphans = faults.strikes(PveFault.TASK_ORPHANS);
        try {
            task.say(PveMessage.LOG_START, shown);
            String algorithm = fields.get("checksum-algorithm");
            if (algorithm != null) {
                String got = digest(temporary, algorithm);
                String expected = fields.getOrDefault("checksum", "");
                if (!got.equalsIgnoreCase(expected)) {
                    task.say(PveMessage.LOG_CHECKSUM);
                    throw new IOException(PveMessage.TASK_CHECKSUM.text(got, expected));
                }
                task.say(PveMessage.LOG_CHECKSUM_OK);
            }
            if (faults.strikes(PveFault.BACKING_FILE)) {
                throw new IOException(PveMessage.TASK_BACKING_FILE.text(shown));
            }
            if (faults.strikes(PveFault.WRONG_FORMAT)) {
                throw new IOException(PveMessage.TASK_FORMAT.text());
            }
            Path directory = Files.createDirectories(store.directory(upload.target, storage, volume.type));
            String target = volume.shown(storage);
            task.say(PveMessage.LOG_NODE, upload.target);
            task.say(PveMessage.LOG_FILE, target);
            task.say(PveMessage.LOG_SIZE, Files.size(temporary));
            String program = upload.target.equals(upload.receiver) ? "cp" : "/usr/bin/scp";
            task.say(PveMessage.LOG_COMMAND, program, shown, target);
            if (faults.strikes(PveFault.COPY_UNREACHED)) {
                throw new IOException(PveMessage.TASK_UNREACHED.text());
            }
            Path stored = directory.resolve(volume.name);
            long room = room(upload, storage, volume);
            if (orphans) {
                // 9.2.11: cp is not a child that dies with its task
                Thread.ofVirtual().start(() -> goOn(temporary, stored, room));
                return PveMessage.TASK_KILLED.text();
            }
            if (!write(temporary, stored, room, killed, faults.strikes(PveFault.SLOW_COPY))) {
                return PveMessage.TASK_KILLED.text();
            }
            task.say(PveMessage.LOG_FINISHED);
            if (faults.strikes(PveFault.TASK_LOG_LOST)) {
                task.loseLog();
            }
            return (faults.strikes(PveFault.TASK_WARNINGS) ? PveMessage.TASK_WARNINGS : PveMessage.TASK_OK).text();
        } catch (NoSpace e) {
            throw new IOException(PveMessage.TASK_DISK_FULL.text(volume.shown(storage)), e);
        } finally {
            if (!killed && !orphans) {
                Files.deleteIfExists(temporary);
            }
        }
    }

    private void goOn(Path from, Path to, long room) {
        try {
            write(from, to, room, false, true);
        } catch (IOException e) {
            // nobody is left to be told
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class NoSpace extends IOException {}

    /** What an overwritten file occupied counts as free. */
    private long room(Arrived upload, PveWorld.Storage storage, Volume volume) throws IOException {
        Path old = store.directory(upload.target, storage, volume.type).resolve(volume.name);
        return store.available(upload.target, storage) + (Files.exists(old) ? Files.size(old) : 0);
    }

    /** In place, like {@code cp}: an older file is destroyed first. False if killed half-way. */
    private boolean write(Path from, Path to, long room, boolean killed, boolean slow)
            throws IOException, InterruptedException {
        boolean full = faults.strikes(PveFault.DISK_FULL);
        long size = Files.size(from);
        byte[] piece = new byte[slow ? Math.clamp(size / 8, 1, PIECE) : PIECE];
        long written = 0;
        boolean whole = false;
        try (InputStream in = Files.newInputStream(from);
                OutputStream out = Files.newOutputStream(to)) {
            for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
                if (killed && written >= size / 2) {
                    whole = true;
                    return false;
                }
                if (written + count > room || (full && written + count > size / 2)) {
                    throw new NoSpace();
                }
                out.write(piece, 0, count);
                written += count;
                if (slow) {
                    Thread.sleep(settings.copyPause());
                }
            }
            whole = true;
            return true;
        } finally {
            if (!whole) {
                Files.deleteIfExists(to);
            }
        }
    }

    /** @param algorithm as the API names it */
    static String digest(Path file, String algorithm) throws IOException {
        if (algorithm.equals("sha256")) {
            return Sha256.of(dev.talosforge.bytes.ByteSource.of(file)).hex();
        }
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance(DIGESTS.getOrDefault(algorithm, algorithm));
            byte[] buffer = new byte[PIECE];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                digest.update(buffer, 0, count);
            }
            return HexFormat.of().formatHex(digest.digest()).toLowerCase(Locale.ROOT);
        } catch (NoSuchAlgorithmException e) {
            throw new IOException("no digest " + algorithm, e);
        }
    }
}
