package dev.talosforge.proxmox;

import dev.talosforge.bytes.FormatException;
import dev.talosforge.json.Json;
import dev.talosforge.problem.Problem.Kind;
import java.util.LinkedHashMap;

/** Deletes a stored file, and waits until it is gone. */
final class Removal {
    private final ProxmoxSession session;
    private final String storage;

    Removal(ProxmoxSession session, String storage) {
        this.session = session;
        this.storage = storage;
    }

    void run(String node, String volumeId) throws InterruptedException {
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
