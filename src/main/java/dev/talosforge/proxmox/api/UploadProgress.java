package dev.talosforge.proxmox.api;

/**
 * Is told how far an upload is, on the sending threads, one call at a time: it must not wait, the server hangs up after
 * five seconds.
 */
@FunctionalInterface
public interface UploadProgress {
    /** Bytes handed to the network so far, and how many there are to be, over all nodes. */
    void sent(long bytes, long size);

    /** The server has begun to store the file, and will end that by itself. */
    default void started(SentTask task) {}

    /** A task of now or of an earlier run has come to its end, or nobody knows of it any more. */
    default void ended(SentTask task) {}

    /** A file is complete on a node and seen there. */
    default void stored(String node, StoredFile file) {}
}
