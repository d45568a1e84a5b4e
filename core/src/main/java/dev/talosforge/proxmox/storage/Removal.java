package dev.talosforge.proxmox.storage;

import dev.talosforge.bytes.FormatException;
import dev.talosforge.json.Json;
import dev.talosforge.problem.Problem.Kind;
import dev.talosforge.proxmox.api.Upid;
import dev.talosforge.proxmox.session.ProxmoxSession;
import dev.talosforge.proxmox.session.PvePath;
import dev.talosforge.proxmox.session.TaskWatch;
import java.util.LinkedHashMap;

/** Deletes a stored file, and waits until it is gone. */
public final class Removal {
    private final ProxmoxSession session;
    private final String storage;

    public Removal(ProxmoxSession session, String storage) {
        this.session = session;
        this.storage = storage;
    }

    public void run(String node, String volumeId) throws InterruptedException {
        String path = "/nodes/%s/storage/%s/content/%s"
                .formatted(PvePath.encoded(node), PvePath.encoded(storage), PvePath.encoded(volumeId));
        String what = "delete " + volumeId;
        Json data = session.change("DELETE", path, new LinkedHashMap<>(), what, null);
        if (data instanceof Json.JsonNull) {
            return; // done at once
        }
        try {
            TaskWatch.Outcome outcome = new TaskWatch(session, session.base()).follow(Upid.of(data));
            if (!outcome.good()) {
                throw session.failure()
                        .problem(
                                Kind.UNAVAILABLE,
                                "cannot " + what,
                                null,
                                "task %s: %s".formatted(outcome.task().text(), outcome.exit()),
                                null);
            }
        } catch (FormatException e) {
            throw session.failure().connection("cannot " + what, "DELETE", session.uri(session.base(), path), e);
        }
    }
}
