package dev.talosforge.proxmox.upload;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * What a successful preflight found.
 *
 * @param version of Proxmox, as it says
 * @param shared whether the storage is the same on all nodes
 * @param online wanted nodes that answer, in the order given
 * @param unasked wanted nodes that cannot be asked, with the reason
 */
public record PreflightResult(
        String version, boolean shared, List<String> online, SequencedMap<String, String> unasked) {
    public PreflightResult {
        online = List.copyOf(online);
        unasked = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(unasked));
    }
}
