package dev.talosforge.proxmox;

import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Where;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether an upload has room on its way: the node that receives it keeps all of it in {@code /var/tmp} until it is
 * stored, and an upload that fills the disk there leaves what it has written. A node tells the room of its root file
 * system only, and only to who has {@code Sys.Audit} on it.
 */
final class SpoolCheck {
    private final ProxmoxSession session;
    private final String what;
    private final long size;

    SpoolCheck(ProxmoxSession session, String what, long size) {
        this.session = session;
        this.what = what;
        this.size = size;
    }

    /**
     * Adds what is wrong.
     *
     * @param receivers node names, {@code localhost} for that of the endpoint
     * @return whether all of them told
     */
    boolean run(Set<String> receivers, List<Problem> problems) throws InterruptedException {
        boolean told = !receivers.isEmpty();
        for (String node : receivers) {
            String path = "/nodes/%s/status".formatted(ProxmoxSession.encoded(node));
            Long room = room(path);
            told &= room != null;
            if (room != null && room <= size) {
                String name = node.equals("localhost") ? "the node that receives it" : "node " + node;
                problems.add(new Problem(
                        Problem.Kind.REFUSED,
                        what,
                        new Where.Remote("GET", session.uri(session.base(), path), 200),
                        "%s has %d bytes free on its root file system, where an upload is kept in /var/tmp until it is stored; the file has %d"
                                .formatted(name, room, size),
                        "on that node: df /var/tmp, and of uploads that were broken off: rm /var/tmp/pveupload-*"));
            }
        }
        return told;
    }

    /** Null when the node does not say: an upload may go well all the same. */
    private @Nullable Long room(String path) throws InterruptedException {
        try {
            Reply reply = session.reply(session.base(), path, "ask for the state of a node");
            if (reply.ok() && reply.data() instanceof JsonObject status) {
                JsonObject root = status.object("rootfs");
                return root == null ? null : root.whole("avail");
            }
        } catch (BuildException | dev.talosforge.bytes.FormatException e) {
            return null;
        }
        return null;
    }
}
