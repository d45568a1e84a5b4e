package dev.talosforge.proxmox.storage;

import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.proxmox.api.ContentType;
import dev.talosforge.proxmox.api.StoredFile;
import dev.talosforge.proxmox.session.ProxmoxSession;
import dev.talosforge.proxmox.session.PvePath;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a storage holds, as one node sees it. */
public record Listing(SequencedMap<String, StoredFile> byName) {
    public static Listing of(ProxmoxSession session, String node, String storage, ContentType type)
            throws InterruptedException {
        String path = "/nodes/%s/storage/%s/content?content=%s"
                .formatted(PvePath.encoded(node), PvePath.encoded(storage), type.word());
        String start = storage + ":" + type.word() + "/";
        SequencedMap<String, StoredFile> files = new TreeMap<>();
        for (JsonObject file : session.rows(session.base(), path, "list what is stored", storage)) {
            String volume = file.text("volid");
            Long size = file.whole("size");
            if (volume != null && size != null && volume.startsWith(start)) {
                Long created = file.whole("ctime");
                StoredFile stored = new StoredFile(volume, size, created == null ? 0 : created);
                files.put(volume.substring(start.length()), stored);
            }
        }
        return new Listing(files);
    }

    public boolean has(String name) {
        return byName.containsKey(name);
    }

    public boolean has(String name, long size) {
        StoredFile file = byName.get(name);
        return file != null && file.size() == size;
    }

    @Nullable
    public Long size(String name) {
        StoredFile file = byName.get(name);
        return file == null ? null : file.size();
    }
}
