package dev.talosforge.pipeline;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.bytes.WholeFile;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.JsonReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a unit has uploaded, by volume id, kept in its folder and written after each file that has arrived: a run that
 * was stopped does not send it again, and clean-up knows what is ours. Proxmox itself keeps no such note.
 */
final class UploadRecord {
    static final String FILE_NAME = "terraform.tfstate.uploads.json";

    private static final int MAX_BYTES = 4 << 20;
    private static final int MAX_FILES = 1000;

    private final Path file;
    private final SortedMap<String, Uploaded> files;

    /** What stands under one volume id. */
    record Uploaded(String sha256, long size, List<String> nodes) {
        Uploaded {
            nodes = List.copyOf(nodes);
        }
    }

    private UploadRecord(Path file, SortedMap<String, Uploaded> files) {
        this.file = file;
        this.files = files;
    }

    /** Of the unit in a folder; empty when there is none yet. */
    static UploadRecord of(Path unit) throws IOException {
        Path file = unit.resolve(FILE_NAME);
        SortedMap<String, Uploaded> files = new TreeMap<>();
        try {
            byte[] bytes = ByteSource.of(file).readAll("record of uploads", MAX_BYTES);
            JsonObject volumes =
                    JsonReader.readObject("record of uploads", bytes).object("volumes");
            if (volumes != null) {
                volumes.members().forEach((volume, entry) -> {
                    Uploaded uploaded = entry instanceof JsonObject object ? uploaded(object) : null;
                    if (uploaded != null) {
                        files.put(volume, uploaded);
                    }
                });
            }
        } catch (NoSuchFileException e) {
            // nothing was uploaded yet
        }
        return new UploadRecord(file, files);
    }

    private static @Nullable Uploaded uploaded(JsonObject entry) {
        String sha256 = entry.text("sha256");
        Long size = entry.whole("size");
        return sha256 == null || size == null || !sha256.matches("[0-9a-f]{64}")
                ? null
                : new Uploaded(sha256, size, Json.texts(entry.items("nodes")));
    }

    @Nullable
    Uploaded get(String volumeId) {
        return files.get(volumeId);
    }

    @Nullable
    Sha256 digest(String volumeId, String node) {
        Uploaded uploaded = files.get(volumeId);
        return uploaded == null || !uploaded.nodes.contains(node) ? null : new Sha256(uploaded.sha256);
    }

    /** Adds a node to what is known of a volume; other content under the same id takes the old one's place. */
    void add(String volumeId, Sha256 sha256, long size, String node) throws IOException {
        Uploaded before = files.get(volumeId);
        List<String> nodes = new ArrayList<>();
        if (before != null && before.sha256.equals(sha256.hex()) && before.size == size) {
            nodes.addAll(before.nodes);
        }
        if (!nodes.contains(node)) {
            nodes.add(node);
        }
        nodes.sort(null);
        files.put(volumeId, new Uploaded(sha256.hex(), size, nodes));
        write();
    }

    void remove(String volumeId) throws IOException {
        if (files.remove(volumeId) != null) {
            write();
        }
    }

    private void write() throws IOException {
        while (files.size() > MAX_FILES) {
            files.pollFirstEntry();
        }
        Json.Builder volumes = Json.object();
        files.forEach((volume, uploaded) -> volumes.put(
                volume,
                Json.object()
                        .put("sha256", uploaded.sha256)
                        .put("size", uploaded.size)
                        .put("nodes", Json.ofTexts(uploaded.nodes))
                        .build()));
        String text = Json.object()
                .put("format", 1)
                .put("volumes", volumes.build())
                .build()
                .pretty();
        WholeFile.write(file, text.getBytes(StandardCharsets.UTF_8));
    }
}
