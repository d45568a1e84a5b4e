package dev.talosforge.proxmox.upload;

import dev.talosforge.bytes.FormatException;
import dev.talosforge.json.Json;
import dev.talosforge.proxmox.api.Upid;
import dev.talosforge.proxmox.api.UploadRequest;
import dev.talosforge.proxmox.session.Privileges;
import dev.talosforge.proxmox.session.ProxmoxSession;
import dev.talosforge.proxmox.session.PvePath;
import dev.talosforge.proxmox.session.TaskWatch;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** The server's own downloads: to bring a file, and to find out whether a stored one is as it should be. */
final class Fetch {
    /** Never requested: with the right checksum the server only checks the stored file. */
    private static final URI NOWHERE = URI.create("https://verify.invalid/");

    private Fetch() {}

    /** What a stored file turned out to be. */
    enum Verdict {
        RIGHT,
        OTHER,
        /** The credentials may not ask, or the server could not say. */
        UNDECIDED
    }

    /** Lets a node download the request's content. */
    static Upid start(ProxmoxSession session, UploadRequest request, String name, URI from, String node) {
        String path = "/nodes/%s/storage/%s/download-url"
                .formatted(PvePath.encoded(node), PvePath.encoded(request.storage()));
        SequencedMap<String, String> form = new LinkedHashMap<>();
        form.put("url", from.toString());
        form.put("content", request.type().word());
        form.put("filename", name);
        form.put("checksum", request.sha256().hex());
        form.put("checksum-algorithm", "sha256");
        String what = "let node %s download %s".formatted(node, name);
        Json data = session.change("POST", path, form, what, request.storage());
        try {
            return Upid.of(data);
        } catch (FormatException e) {
            throw session.failure().connection("cannot " + what, "POST", session.uri(session.base(), path), e);
        }
    }

    /** Whether the name holds the request's content: the server hashes it. */
    static Verdict verify(ProxmoxSession session, UploadRequest request, String name, String node)
            throws InterruptedException {
        if (!may(session, node)) {
            return Verdict.UNDECIDED;
        }
        Upid task = start(session, request, name, NOWHERE.resolve(name), node);
        TaskWatch.Outcome outcome = new TaskWatch(session, session.base()).follow(task);
        if (outcome.good()) {
            return Verdict.RIGHT;
        }
        return outcome.exit().contains("checksum mismatch") ? Verdict.OTHER : Verdict.UNDECIDED;
    }

    /** Whether the credentials may let a node download. */
    static boolean may(ProxmoxSession session, String node) throws InterruptedException {
        return session.privileges("/nodes/" + node).has(Privileges.FETCH)
                || session.privileges("/")
                        .missing(List.of("Sys.Audit", "Sys.Modify"))
                        .isEmpty();
    }
}
