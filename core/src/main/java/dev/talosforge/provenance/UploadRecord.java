package dev.talosforge.provenance;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.bytes.WholeFile;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.JsonReader;
import dev.talosforge.proxmox.api.SentTask;
import dev.talosforge.proxmox.api.StoredFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a unit has uploaded, by volume id, kept in its folder and written after each file that has arrived, so that an
 * interrupted run does not send it again and prune knows which files are ours. Proxmox itself keeps no such record.
 *
 * <p>Tasks are recorded before the run waits for them: they continue when the run is stopped.
 */
public final class UploadRecord {
    public static final String FILE_NAME = "terraform.tfstate.uploads.json";

    private static final int MAX_BYTES = 4 << 20;
    private static final int MAX_FILES = 1000;

    private final Path file;
    private final SortedMap<String, Uploaded> files = new TreeMap<>();
    private final SequencedMap<String, Sent> tasks = new LinkedHashMap<>();

    /**
     * What is stored under one volume id.
     *
     * @param changed when the file changed last on a node, in seconds since the epoch by the clock there; a node of an
     *     old record may be missing
     */
    public record Uploaded(String sha256, long size, List<String> nodes, SortedMap<String, Long> changed) {
        public Uploaded {
            nodes = List.copyOf(nodes);
            changed = Collections.unmodifiableSortedMap(new TreeMap<>(changed));
        }

        /** A file with another time is another file: it was replaced. */
        private boolean isOn(String node, long time) {
            return nodes.contains(node) && changed.getOrDefault(node, time) == time;
        }
    }

    /** A task whose end was not seen yet. */
    private record Sent(String volumeId, String sha256, String node) {}

    private @Nullable String damage;

    private UploadRecord(Path file) {
        this.file = file;
    }

    /** The record of the unit in a folder; empty if there is none yet. */
    public static UploadRecord of(Path unit) throws IOException {
        UploadRecord record = new UploadRecord(unit.resolve(FILE_NAME));
        try {
            byte[] bytes = ByteSource.of(record.file).readAll("record of uploads", MAX_BYTES);
            JsonObject all = JsonReader.readObject("record of uploads", bytes);
            members(all, "volumes").forEach((volume, entry) -> {
                Uploaded uploaded = uploaded(entry);
                if (uploaded != null) {
                    record.files.put(volume, uploaded);
                }
            });
            members(all, "tasks").forEach((upid, entry) -> {
                String volume = entry.text("volume");
                String sha256 = entry.text("sha256");
                String node = entry.text("node");
                if (volume != null && isDigest(sha256) && node != null) {
                    record.tasks.put(upid, new Sent(volume, String.valueOf(sha256), node));
                }
            });
        } catch (NoSuchFileException e) {
            // nothing was uploaded yet
        } catch (FormatException e) {
            record.damage = "%s is damaged and is ignored: %s".formatted(record.file, e.getMessage());
        }
        return record;
    }

    /** Why it could not be read; null if it could. */
    @Nullable
    public String damage() {
        return damage;
    }

    private static SequencedMap<String, JsonObject> members(JsonObject all, String name) {
        SequencedMap<String, JsonObject> objects = new LinkedHashMap<>();
        JsonObject members = all.object(name);
        if (members != null) {
            members.members().forEach((key, entry) -> {
                if (entry instanceof JsonObject object) {
                    objects.put(key, object);
                }
            });
        }
        return objects;
    }

    private static boolean isDigest(@Nullable String text) {
        return Sha256.tryHex(text) != null;
    }

    private static @Nullable Uploaded uploaded(JsonObject entry) {
        String sha256 = entry.text("sha256");
        Long size = entry.whole("size");
        SortedMap<String, Long> changed = new TreeMap<>();
        JsonObject times = entry.object("changed");
        if (times != null) {
            for (String node : times.members().keySet()) {
                Long time = times.whole(node);
                if (time != null) {
                    changed.put(node, time);
                }
            }
        }
        return sha256 == null || size == null || !isDigest(sha256)
                ? null
                : new Uploaded(sha256, size, Json.texts(entry.items("nodes")), changed);
    }

    @Nullable
    public Uploaded get(String volumeId) {
        return files.get(volumeId);
    }

    /** The digest of a file as the node lists it; null if it is unknown, or has changed since. */
    @Nullable
    public Sha256 digest(String node, StoredFile stored) {
        Uploaded uploaded = files.get(stored.volumeId());
        return uploaded == null || uploaded.size != stored.size() || !uploaded.isOn(node, stored.created())
                ? null
                : new Sha256(uploaded.sha256);
    }

    /** What was stored under a volume id on a node that cannot be reached now. */
    @Nullable
    public Sha256 digest(String node, String volumeId) {
        Uploaded uploaded = files.get(volumeId);
        return uploaded == null || !uploaded.nodes.contains(node) ? null : new Sha256(uploaded.sha256);
    }

    /** Adds a node to what is known of a volume; other content under the same id replaces the old one. */
    public void add(String node, StoredFile stored, Sha256 sha256) throws IOException {
        Uploaded before = files.get(stored.volumeId());
        SortedSet<String> nodes = new TreeSet<>();
        SortedMap<String, Long> changed = new TreeMap<>();
        if (before != null && before.sha256.equals(sha256.hex()) && before.size == stored.size()) {
            nodes.addAll(before.nodes);
            changed.putAll(before.changed);
        }
        nodes.add(node);
        changed.put(node, stored.created());
        Uploaded after = new Uploaded(sha256.hex(), stored.size(), List.copyOf(nodes), changed);
        boolean ended =
                tasks.values().removeIf(sent -> sent.volumeId.equals(stored.volumeId()) && sent.node.equals(node));
        if (!after.equals(before) || ended) {
            files.put(stored.volumeId(), after);
            write();
        }
    }

    /** Records a task before the run waits for it. */
    public void begin(String volumeId, SentTask task) throws IOException {
        tasks.put(task.upid(), new Sent(volumeId, task.sha256().hex(), task.node()));
        write();
    }

    /** Removes a task about which nothing more can be learnt. */
    public void end(SentTask task) throws IOException {
        if (tasks.remove(task.upid()) != null) {
            write();
        }
    }

    /** Tasks whose end was not seen, about files of a storage, which is given as the start of their volume ids. */
    public List<SentTask> unseen(String start) {
        List<SentTask> unseen = new ArrayList<>();
        tasks.forEach((upid, sent) -> {
            if (sent.volumeId.startsWith(start)) {
                String name = sent.volumeId.substring(start.length());
                unseen.add(new SentTask(upid, name, new Sha256(sent.sha256), sent.node));
            }
        });
        return unseen;
    }

    public void remove(String volumeId) throws IOException {
        if (files.remove(volumeId) != null) {
            write();
        }
    }

    private void write() throws IOException {
        while (files.size() > MAX_FILES) {
            files.pollFirstEntry();
        }
        while (tasks.size() > MAX_FILES) {
            tasks.pollFirstEntry();
        }
        Json.Builder volumes = Json.object();
        files.forEach((volume, uploaded) -> {
            Json.Builder changed = Json.object();
            uploaded.changed.forEach((node, time) -> changed.put(node, time));
            volumes.put(
                    volume,
                    Json.object()
                            .put("sha256", uploaded.sha256)
                            .put("size", uploaded.size)
                            .put("nodes", Json.ofTexts(uploaded.nodes))
                            .put("changed", changed.build())
                            .build());
        });
        Json.Builder sent = Json.object();
        tasks.forEach((upid, task) -> sent.put(
                upid,
                Json.object()
                        .put("volume", task.volumeId)
                        .put("sha256", task.sha256)
                        .put("node", task.node)
                        .build()));
        Json.Builder all = Json.object().put("format", 1).put("volumes", volumes.build());
        if (!tasks.isEmpty()) {
            all.put("tasks", sent.build());
        }
        WholeFile.write(file, all.build().pretty().getBytes(StandardCharsets.UTF_8));
    }
}
