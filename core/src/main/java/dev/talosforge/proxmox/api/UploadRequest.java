package dev.talosforge.proxmox.api;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file to be put on a storage.
 *
 * @param nodes that have to see it; empty for all nodes of the cluster
 * @param from where the nodes fetch the same content themselves; null to send it to them
 */
public record UploadRequest(
        String storage,
        ContentType type,
        String fileName,
        ByteSource content,
        Sha256 sha256,
        List<String> nodes,
        @Nullable URI from,
        Manner manner) {
    /** What to do if the name is taken by other content. */
    public enum Conflict {
        /** Replaces the old file unless a virtual machine has it attached; otherwise puts the new one beside it. */
        REPLACE,
        /** Stops before sending anything. */
        REFUSE
    }

    /** The name to store it under. */
    public enum Naming {
        /** The given one. */
        STABLE,
        /** With the content's digest in it, so that a file never changes. */
        CONTENT
    }

    /**
     * How names are used, and what counts as already there.
     *
     * @param verifies whether the server checks what is already there, if the credentials may ask for that
     */
    public record Manner(Naming naming, Conflict conflict, UploadHistory history, boolean verifies) {
        /** The given name, replacing, with nothing known about what is there. */
        public static Manner usual() {
            return new Manner(Naming.STABLE, Conflict.REPLACE, UploadHistory.nothing(), false);
        }
    }

    public UploadRequest {
        fileName = VolumeName.asStored(type, fileName);
        nodes = List.copyOf(nodes);
    }

    /** The name with the content's digest in it. */
    public String contentName() {
        return VolumeName.ofContent(fileName, sha256);
    }

    /** {@code STORAGE:iso/NAME}. */
    public String volumeId(String name) {
        return storage + ":" + type.word() + "/" + name;
    }
}
