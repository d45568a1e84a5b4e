package dev.talosforge.proxmox.api;

import dev.talosforge.problem.Remedy;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where the file is now.
 *
 * @param fileName under which it is stored; it may differ from the one asked for
 * @param size in bytes, as every node listed below shows it
 * @param shared whether all nodes see the same file
 * @param nodes one entry per node that was checked, in the order asked for
 * @param unasked nodes that were wanted but could not be asked, with the reason
 * @param notes for people: how it got there
 */
public record UploadResult(
        String fileName,
        String volumeId,
        long size,
        boolean shared,
        List<OnNode> nodes,
        SequencedMap<String, String> unasked,
        List<Note> notes) {
    /** Whether bytes were sent for a node. */
    public enum How {
        UPLOADED,
        SKIPPED
    }

    /**
     * The file as one node sees it.
     *
     * @param warning of the server's task; null if it had none
     */
    public record OnNode(
            String node, String volumeId, How how, @Nullable String warning) {}

    public UploadResult {
        nodes = List.copyOf(nodes);
        unasked = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(unasked));
        notes = List.copyOf(notes);
    }

    /**
     * Something worth knowing, and what can be done about it, if anything. */
    public record Note(String text, @Nullable Remedy remedy) {
        @Override
        public String toString() {
            return remedy == null ? text : text + "; " + remedy;
        }
    }

    /** Node to volume id, by node name. A node that could not be asked has the id too if all nodes share the storage.
     */
    public SequencedMap<String, String> volumeIds() {
        SequencedMap<String, String> ids = new TreeMap<>();
        if (shared) {
            unasked.keySet().forEach(node -> ids.put(node, volumeId));
        }
        nodes.forEach(on -> ids.put(on.node(), on.volumeId()));
        return ids;
    }

    /** Whether any byte was sent. */
    public boolean uploaded() {
        return nodes.stream().anyMatch(on -> on.how() == How.UPLOADED);
    }
}
