package dev.talosforge.proxmox;

import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where the ISO is now.
 *
 * @param size in bytes, as every node listed below shows it
 * @param nodes one entry per node that was looked at, in the order asked for
 * @param offline nodes that were wanted and could not be looked at
 */
public record UploadResult(String fileName, long size, List<OnNode> nodes, List<String> offline) {
    /** Whether bytes were sent for a node. */
    public enum How {
        UPLOADED,
        SKIPPED
    }

    /**
     * The ISO as one node sees it.
     *
     * @param warning of the server's task; null when it had none
     */
    public record OnNode(
            String node, String volumeId, How how, @Nullable String warning) {}

    public UploadResult {
        nodes = List.copyOf(nodes);
        offline = List.copyOf(offline);
    }

    /** Node to volume id, by node name. */
    public SequencedMap<String, String> volumeIds() {
        SequencedMap<String, String> ids = new TreeMap<>();
        nodes.forEach(on -> ids.put(on.node(), on.volumeId()));
        return ids;
    }

    /** Whether any byte was sent. */
    public boolean uploaded() {
        return nodes.stream().anyMatch(on -> on.how() == How.UPLOADED);
    }
}
