package dev.talosforge.proxmox;

/** Is told how far an upload is, on the sending thread: it must not wait, the server hangs up after five seconds. */
public interface UploadProgress {
    /** Bytes of the file handed to the network so far, and its size. */
    void sent(long bytes, long size);
}
