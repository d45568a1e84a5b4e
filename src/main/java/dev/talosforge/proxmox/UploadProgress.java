package dev.talosforge.proxmox;

/**
 * Is told how far an upload is, on the sending threads, one call at a time: it must not wait, the server hangs up after
 * five seconds.
 */
@FunctionalInterface
public interface UploadProgress {
    /** Bytes handed to the network so far, and how many there are to be, over all nodes. */
    void sent(long bytes, long size);

    /** A file is complete on a node and seen there. */
    default void stored(String node, String fileName) {}
}
