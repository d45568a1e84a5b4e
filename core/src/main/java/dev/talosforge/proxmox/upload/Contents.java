package dev.talosforge.proxmox.upload;

import dev.talosforge.proxmox.api.StoredFile;
import dev.talosforge.proxmox.api.UploadRequest;
import dev.talosforge.proxmox.session.ProxmoxSession;
import dev.talosforge.proxmox.storage.Listing;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the storages hold before an upload, and which of it is the wanted content. */
final class Contents {
    private final UploadRequest request;
    private final boolean shared;
    private final Earlier earlier;
    private final SequencedMap<String, Listing> listings = new LinkedHashMap<>();
    private final Map<String, Boolean> answers = new HashMap<>();

    private Contents(UploadRequest request, boolean shared, Earlier earlier) {
        this.request = request;
        this.shared = shared;
        this.earlier = earlier;
    }

    static Contents of(ProxmoxSession session, UploadRequest request, PreflightResult preflight, Earlier earlier)
            throws InterruptedException {
        Contents contents = new Contents(request, preflight.shared(), earlier);
        for (String node : preflight.online()) {
            contents.listings.put(node, Listing.of(session, node, request.storage(), request.type()));
        }
        return contents;
    }

    @Nullable
    StoredFile file(String node, String name) {
        Listing at = listings.get(node);
        return at == null ? null : at.byName().get(name);
    }

    /** Names of files with the same size. */
    Set<String> alike() {
        Set<String> alike = new HashSet<>();
        listings.values()
                .forEach(at -> at.byName().values().stream()
                        .filter(file -> file.size() == request.content().size())
                        .forEach(file -> alike.add(file.fileName())));
        return alike;
    }

    /** Records the server's answer about the checksum of the file of this name. */
    void recordAnswer(String name, boolean right) {
        answers.put(name, right);
    }

    /** Nodes that list the name. */
    List<String> listing(String name) {
        return listings.entrySet().stream()
                .filter(at -> at.getValue().has(name))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Whether a file of the name and the right size is everywhere it has to be. */
    boolean looksThere(String name) {
        List<String> has = listing(name);
        return !has.isEmpty()
                && (shared || has.size() == listings.size())
                && has.stream().allMatch(node -> isWhole(node, name));
    }

    private boolean isWhole(String node, String name) {
        StoredFile file = file(node, name);
        return file != null && file.size() == request.content().size();
    }

    /** Whether the content is there under the name, on every storage. */
    boolean isThere(String name) {
        List<String> has = listing(name);
        if (!looksThere(name)) {
            return false;
        }
        Boolean answer = answers.get(name);
        if (answer != null) {
            return answer;
        }
        if (!shared) {
            return has.stream().allMatch(node -> isKnown(node, name));
        }
        // One node known to see it is enough; another that sees a file with another time sees another file.
        return has.stream()
                .filter(node -> isKnown(node, name))
                .anyMatch(known -> has.stream()
                        .allMatch(node -> isKnown(node, name) || changed(node, name) == changed(known, name)));
    }

    /** Whether the node's own storage has the content under the name. */
    boolean isOn(String node, String name) {
        return shared ? isThere(name) : isWhole(node, name) && answers.getOrDefault(name, isKnown(node, name));
    }

    /** Whether other or unknown content has the name. */
    boolean isTaken(String name) {
        return listing(name).stream().anyMatch(node -> !isOn(node, name));
    }

    private long changed(String node, String name) {
        StoredFile file = file(node, name);
        return file == null ? -1 : file.created();
    }

    /** A digest in the name tells the content; otherwise somebody has to remember. */
    private boolean isKnown(String node, String name) {
        StoredFile file = file(node, name);
        return file != null
                && (name.equals(request.contentName())
                        || request.sha256().equals(request.manner().history().digest(node, file))
                        || earlier.uploaded(node, shared, file));
    }
}
