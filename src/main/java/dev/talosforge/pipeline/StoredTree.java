package dev.talosforge.pipeline;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.engine.Store;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonArray;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.Entry.Attributes;
import dev.talosforge.tree.FileTree;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A file tree in the store: all contents one after the other in one blob, and a list of the entries.
 *
 * @param contents the blob with all contents
 * @param tree the entries; contents are windows of the blob
 */
record StoredTree(Sha256 contents, FileTree tree) {
    private static final String STRUCTURE = "stored tree";

    /** Copies all contents of a tree into the store. */
    static StoredTree save(Store store, FileTree tree) throws IOException {
        SequencedMap<String, Long> offsets = new TreeMap<>();
        Sha256 blob = store.put(out -> {
            long offset = 0;
            for (Entry entry : tree.entries()) {
                if (entry instanceof Entry.RegularFile file) {
                    offsets.put(entry.path(), offset);
                    try (InputStream in = file.content().open()) {
                        offset += in.transferTo(out);
                    }
                }
            }
        });
        ByteSource all = store.find(blob);
        if (all == null) {
            throw new IOException("the store lost " + blob);
        }
        List<Entry> entries = new ArrayList<>();
        for (Entry entry : tree.entries()) {
            Long offset = offsets.get(entry.path());
            entries.add(
                    entry instanceof Entry.RegularFile file && offset != null
                            ? new Entry.RegularFile(
                                    file.path(),
                                    file.attributes(),
                                    all.slice(offset, file.content().size()))
                            : entry);
        }
        return new StoredTree(blob, FileTree.of(entries));
    }

    /** The list of entries, with offsets into the blob. The same tree gives the same bytes. */
    JsonObject index() {
        List<Json> entries = new ArrayList<>();
        long offset = 0;
        for (Entry entry : tree.entries()) {
            entries.add(describe(entry, offset));
            if (entry instanceof Entry.RegularFile file) {
                offset += file.content().size();
            }
        }
        return Json.object()
                .put("contents", contents.toString())
                .put("entries", new JsonArray(entries))
                .build();
    }

    /** The tree that {@link #index} described, or null when its blob is gone. */
    static @Nullable StoredTree load(Store store, JsonObject index) throws IOException {
        try {
            return loadUnchecked(store, index);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new FormatException(STRUCTURE, 0, String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable StoredTree loadUnchecked(Store store, JsonObject index) throws IOException {
        String digest = index.text("contents");
        if (digest == null) {
            throw new FormatException(STRUCTURE, 0, "has no contents");
        }
        Sha256 contents = Sha256.parse(digest);
        ByteSource all = store.find(contents);
        if (all == null) {
            return null;
        }
        List<Entry> entries = new ArrayList<>();
        for (Json entry : index.items("entries")) {
            if (entry instanceof JsonObject object) {
                entries.add(entry(object, all));
            }
        }
        return new StoredTree(contents, FileTree.of(entries));
    }

    private static Json describe(Entry entry, long offset) {
        Attributes attributes = entry.attributes();
        Json.Builder object = Json.object()
                .put("path", entry.path())
                .put("mode", attributes.permissions())
                .put("uid", attributes.uid())
                .put("gid", attributes.gid())
                .put("time", attributes.modified());
        return switch (entry) {
            case Entry.Directory ignored -> object.put("type", "directory").build();
            case Entry.RegularFile file ->
                object.put("type", "file")
                        .put("offset", offset)
                        .put("size", file.content().size())
                        .build();
            case Entry.HardLink link ->
                object.put("type", "hardlink").put("target", link.target()).build();
            case Entry.Symlink link ->
                object.put("type", "symlink").put("target", link.target()).build();
            case Entry.CharDevice device ->
                object.put("type", "char")
                        .put("major", device.major())
                        .put("minor", device.minor())
                        .build();
            case Entry.BlockDevice device ->
                object.put("type", "block")
                        .put("major", device.major())
                        .put("minor", device.minor())
                        .build();
            case Entry.Fifo ignored -> object.put("type", "fifo").build();
        };
    }

    private static Entry entry(JsonObject object, ByteSource all) throws FormatException {
        String path = text(object, "path");
        Attributes attributes = new Attributes(
                (int) whole(object, "mode"), whole(object, "uid"), whole(object, "gid"), whole(object, "time"));
        String type = text(object, "type");
        return switch (type) {
            case "directory" -> new Entry.Directory(path, attributes);
            case "file" ->
                new Entry.RegularFile(path, attributes, all.slice(whole(object, "offset"), whole(object, "size")));
            case "hardlink" -> new Entry.HardLink(path, attributes, text(object, "target"));
            case "symlink" -> new Entry.Symlink(path, attributes, text(object, "target"));
            case "char" ->
                new Entry.CharDevice(path, attributes, (int) whole(object, "major"), (int) whole(object, "minor"));
            case "block" ->
                new Entry.BlockDevice(path, attributes, (int) whole(object, "major"), (int) whole(object, "minor"));
            case "fifo" -> new Entry.Fifo(path, attributes);
            default -> throw new FormatException(STRUCTURE, 0, "unknown type " + type);
        };
    }

    private static String text(JsonObject object, String name) throws FormatException {
        String value = object.text(name);
        if (value == null) {
            throw new FormatException(STRUCTURE, 0, "has no " + name);
        }
        return value;
    }

    private static long whole(JsonObject object, String name) throws FormatException {
        Long value = object.whole(name);
        if (value == null) {
            throw new FormatException(STRUCTURE, 0, "has no " + name);
        }
        return value;
    }
}
