package dev.talosforge.proxmox.machine;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A virtual machine and its current configuration.
 *
 * @param status {@code running}, {@code stopped}, {@code unknown}
 * @param config by name, as {@code qm config} shows it
 * @param waiting values that take effect at the next start, by name; empty for one that is removed
 */
public record Machine(
        int id,
        String name,
        String node,
        String status,
        SortedMap<String, String> config,
        SortedMap<String, String> waiting) {
    public Machine {
        waiting = Collections.unmodifiableSortedMap(new TreeMap<>(waiting));
        config = Collections.unmodifiableSortedMap(new TreeMap<>(config));
    }

    /** As it will be after the next start. */
    public Machine afterStart() {
        SortedMap<String, String> next = new TreeMap<>(config);
        waiting.forEach((key, value) -> {
            if (value.isEmpty()) {
                next.remove(key);
            } else {
                next.put(key, value);
            }
        });
        return new Machine(id, name, node, status, next, new TreeMap<>());
    }

    /** The volume of a drive, or null: the part before the first comma. */
    public static @Nullable String volume(String drive) {
        String first = drive.split(",", -1)[0];
        String volume = first.startsWith("file=") ? first.substring("file=".length()) : first;
        return volume.isEmpty() || volume.equals("none") || volume.equals("cdrom") ? null : volume;
    }
}
