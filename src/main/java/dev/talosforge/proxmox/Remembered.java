package dev.talosforge.proxmox;

import dev.talosforge.bytes.Sha256;
import org.jspecify.annotations.Nullable;

/** What earlier uploads put where. Proxmox itself never tells the digest of what it stores. */
@FunctionalInterface
public interface Remembered {
    /** The digest of what an upload put under the name on the node; null when nothing is known. */
    @Nullable
    Sha256 digest(String node, String fileName);

    /** Of nothing. */
    static Remembered nothing() {
        return (node, fileName) -> null;
    }
}
