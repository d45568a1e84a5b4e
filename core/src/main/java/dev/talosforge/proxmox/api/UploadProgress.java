package dev.talosforge.proxmox.api;

/**
 * Receives the progress of an upload, on the sending threads, one call at a time. It must not block: the server hangs
 * up after five seconds.
 */
@FunctionalInterface
public interface UploadProgress {
    /** Bytes handed to the network so far, and the total, over all nodes. */
    void sent(long bytes, long size);

    /** The server has begun to store the file, and will finish on its own. */
    default void started(SentTask task) {}

    /** A task of this or an earlier run has ended, or is no longer known anywhere. */
    default void ended(SentTask task) {}

    /** A file is complete on a node and seen there. */
    default void stored(String node, StoredFile file) {}
}
