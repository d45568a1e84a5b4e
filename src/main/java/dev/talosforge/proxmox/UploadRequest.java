package dev.talosforge.proxmox;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An ISO that is to be on a storage.
 *
 * @param nodes that have to see it; empty for all nodes of the cluster
 * @param remembered digest of what an earlier upload put there under this name; null when nothing is known
 */
public record UploadRequest(
        String storage,
        String fileName,
        ByteSource content,
        Sha256 sha256,
        List<String> nodes,
        @Nullable Sha256 remembered,
        Conflict conflict) {
    /** What to do when the name is taken by other content. */
    public enum Conflict {
        /** Overwrites it. The server destroys the old file before it writes the new one. */
        REPLACE,
        /** Stops before anything is sent. */
        REFUSE
    }

    public UploadRequest {
        nodes = List.copyOf(nodes);
    }

    /** {@code STORAGE:iso/NAME}. */
    public String volumeId() {
        return storage + ":iso/" + fileName;
    }
}
