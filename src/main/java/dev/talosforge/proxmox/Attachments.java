package dev.talosforge.proxmox;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which virtual machines have which volumes, in their configuration, in a change that waits for a restart, or in a
 * snapshot.
 *
 * @param byVolume volume id to machines: {@code 100 (talos-1)}
 * @param unknown why not every machine could be looked at; null when each could
 * @param remedy what would let us look; null where nothing honest can be said
 */
public record Attachments(
        SortedMap<String, List<String>> byVolume,
        @Nullable String unknown,
        @Nullable String remedy) {
    public Attachments {
        byVolume = Collections.unmodifiableSortedMap(new TreeMap<>(byVolume));
    }

    /** The machines that have it. */
    public List<String> of(String volumeId) {
        return byVolume.getOrDefault(volumeId, List.of());
    }
}
