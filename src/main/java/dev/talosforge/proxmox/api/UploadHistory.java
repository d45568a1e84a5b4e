package dev.talosforge.proxmox.api;

import dev.talosforge.bytes.Sha256;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What earlier uploads put where. Proxmox itself never tells the digest of what it stores. */
@FunctionalInterface
public interface UploadHistory {
    /**
     * The digest of what an upload put on the node; null when nothing is known of this file, as of one that was changed
     * since.
     */
    @Nullable
    Sha256 digest(String node, StoredFile file);

    /** Tasks of earlier runs whose end nobody saw. */
    default List<SentTask> unseen() {
        return List.of();
    }

    /** Of nothing. */
    static UploadHistory nothing() {
        return (node, file) -> null;
    }
}
