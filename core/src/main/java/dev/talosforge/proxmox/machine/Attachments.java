package dev.talosforge.proxmox.machine;

import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Remedy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What machines and containers use, in their configuration, in a change that waits for a restart, or in a snapshot.
 *
 * <p>A file counts as used if its name occurs in any value: a drive may name it by its path, or through another storage
 * of the same folder, and {@code args} and {@code description} are free text.
 *
 * @param values of each machine, by its display name: {@code virtual machine 100 (talos-1)}
 * @param unseen why there may be a machine that could not be checked; null if there is none
 */
public record Attachments(
        SortedMap<String, List<String>> values, @Nullable Problem unseen) {
    public Attachments {
        values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
    }

    /** Why some machine could not be checked; null if all were. */
    public @Nullable String unknown() {
        return unseen == null ? null : unseen.why();
    }

    /** Who has to act so that every machine can be checked; null if nobody has to. */
    public Problem.@Nullable Kind kind() {
        return unseen == null ? null : unseen.kind();
    }

    /** What would let us check; null if unknown. */
    public @Nullable Remedy remedy() {
        return unseen == null ? null : unseen.remedy();
    }

    /**
     * Who uses the volume: {@code attached to virtual machine 101 (cp1)}, {@code named in the configuration of …}; null
     * if nobody visible does.
     */
    public @Nullable String users(String volumeId) {
        String name = volumeId.substring(volumeId.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        List<String> attached = new ArrayList<>();
        List<String> named = new ArrayList<>();
        values.forEach((machine, texts) -> {
            if (texts.stream().anyMatch(text -> volumeId.equals(Machine.volume(text)))) {
                attached.add(machine);
            } else if (texts.stream()
                    .anyMatch(text -> text.toLowerCase(Locale.ROOT).contains(name))) {
                named.add(machine);
            }
        });
        List<String> reasons = new ArrayList<>();
        if (!attached.isEmpty()) {
            reasons.add("attached to " + String.join(", ", attached));
        }
        if (!named.isEmpty()) {
            reasons.add("named in the configuration of " + String.join(", ", named));
        }
        return reasons.isEmpty() ? null : String.join(" and ", reasons);
    }
}
