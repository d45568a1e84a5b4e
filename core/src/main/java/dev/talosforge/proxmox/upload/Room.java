package dev.talosforge.proxmox.upload;

import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Remedy;
import dev.talosforge.problem.Verb;
import dev.talosforge.problem.Where;
import dev.talosforge.proxmox.api.UploadRequest;
import dev.talosforge.proxmox.session.ProxmoxSession;
import dev.talosforge.proxmox.session.PvePath;
import dev.talosforge.proxmox.wire.Reply;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether there is space for what will be transferred, on storages and on the way to them. */
final class Room {
    private final ProxmoxSession session;
    private final UploadRequest request;
    private final boolean shared;
    private final String what;
    private final List<Problem> problems = new ArrayList<>();
    private boolean roomReported = true;

    Room(ProxmoxSession session, UploadRequest request, boolean shared) {
        this.session = session;
        this.request = request;
        this.shared = shared;
        this.what = PreflightCheck.cannot(PreflightCheck.Purpose.UPLOAD, request.storage());
    }

    /** What is too small. */
    List<Problem> problems() {
        return List.copyOf(problems);
    }

    /** Whether every node that receives something reported how much space it has for it. */
    boolean roomReported() {
        return roomReported;
    }

    /**
     * Asks the storages.
     *
     * @param nodes to whose storages the file goes
     * @param freed by what is overwritten, in bytes
     */
    void onStorages(List<String> nodes, long freed) throws InterruptedException {
        for (String node : shared ? nodes.stream().limit(1).toList() : nodes) {
            String path = PreflightCheck.statusPath(node, request.storage());
            JsonObject status =
                    session.object(session.get(session.base(), path, "ask for the storage", request.storage()), path);
            Long free = status.whole("avail");
            long size = request.content().size();
            if (free != null && free <= size - freed) {
                refuse(
                        path,
                        "%s has %d bytes free%s; the file has %d"
                                .formatted(shared ? "the storage" : "node " + node, free, shared ? "" : " there", size),
                        Remedy.command(Verb.PRUNE)
                                .or("pvesm list %s --content %s"
                                        .formatted(
                                                request.storage(),
                                                request.type().word())));
            }
        }
    }

    /** Asks the nodes that keep the file in {@code /var/tmp} until it is stored; those that download it do not. */
    void onTheWay(List<String> nodes) throws InterruptedException {
        if (request.from() != null || nodes.isEmpty()) {
            return;
        }
        Set<String> receivers = new LinkedHashSet<>();
        for (String node : nodes) {
            boolean own = !shared && session.endpointOf(node) != null;
            receivers.add(own ? node : session.nodeOfBase());
        }
        for (String node : receivers) {
            String path = "/nodes/%s/status".formatted(PvePath.encoded(node));
            Long room = onRoot(path);
            roomReported &= room != null;
            if (room != null && room <= request.content().size()) {
                refuse(
                        path,
                        "%s has %d bytes free on its root file system, where an upload is kept in /var/tmp until it is stored; the file has %d"
                                .formatted(
                                        node.equals(PvePath.LOCALHOST) ? "the node that receives it" : "node " + node,
                                        room,
                                        request.content().size()),
                        new Remedy.Text(
                                "on that node: df /var/tmp; to remove aborted uploads: rm /var/tmp/pveupload-*"));
            }
        }
    }

    private void refuse(String path, String why, Remedy remedy) {
        Where where = new Where.Remote("GET", session.uri(session.base(), path), 200);
        problems.add(Problem.failed(Problem.Kind.REFUSED, what)
                .because(why)
                .at(where)
                .trying(remedy));
    }

    /**
     * A node reports only the space of its root file system, and only to those with {@code Sys.Audit} on it. Null if it
     * does not say: an upload may still go well.
     */
    private @Nullable Long onRoot(String path) throws InterruptedException {
        try {
            Reply reply = session.reply(session.base(), path, "ask for the state of a node");
            if (reply.ok() && reply.data() instanceof JsonObject status) {
                JsonObject root = status.object("rootfs");
                return root == null ? null : root.whole("avail");
            }
        } catch (dev.talosforge.problem.BuildException | Reply.Foreign e) {
            return null;
        }
        return null;
    }
}
