package dev.talosforge.proxmox.api;

/**
 * A file as a node lists it.
 *
 * @param size in bytes; grows while the server is still copying
 * @param created seconds since the epoch by the server's clock, 0 if it does not say
 */
public record StoredFile(String volumeId, long size, long created) {
    /** Without the storage and the type. */
    public String fileName() {
        return volumeId.substring(volumeId.lastIndexOf('/') + 1);
    }
}
