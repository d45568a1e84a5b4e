package dev.talosforge.proxmox;

import java.util.List;

/**
 * What a successful preflight found.
 *
 * @param version of Proxmox, as it says
 * @param shared whether the storage is one and the same on all nodes
 * @param online nodes that are wanted and there, in the order given
 * @param offline nodes that are wanted and not there
 */
public record Readiness(String version, boolean shared, List<String> online, List<String> offline) {
    public Readiness {
        online = List.copyOf(online);
        offline = List.copyOf(offline);
    }
}
