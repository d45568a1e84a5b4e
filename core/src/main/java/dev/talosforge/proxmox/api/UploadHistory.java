package dev.talosforge.proxmox.api;

import dev.talosforge.bytes.Sha256;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What earlier uploads put where. Proxmox itself never reports the digest of what it stores. */
@FunctionalInterface
public interface UploadHistory {
    /**
     * The digest of what an upload put on the node; null if nothing is known of this file, such as one that changed
     * since.
     */
    @Nullable
    Sha256 digest(String node, StoredFile file);

    /** Tasks of earlier runs whose end was not seen. */
    default List<SentTask> unseen() {
        return List.of();
    }

    /** An empty history. */
    static UploadHistory nothing() {
        return (node, file) -> null;
    }
}
