package dev.talosforge.proxmox.session;

import dev.talosforge.problem.Problem.Kind;
import dev.talosforge.problem.Remedy;
import dev.talosforge.problem.Verb;
import dev.talosforge.proxmox.api.UploadRequest;
import java.net.URI;
import java.util.List;

/** Who has to act after a task of the server failed, and how. */
public record TaskFault(Kind kind, Remedy remedy) {
    /** Caused by the file's content: another attempt ends the same way (pve-storage 9.1.7, qemu-server 9.2.6). */
    private static final List<String> CONTENT = List.of(
            "Image is not in",
            "backing file not allowed",
            "external data file not allowed",
            "data-file",
            "encrypted images",
            "unable to parse",
            "qemu-img: ");

    /** Caused by the storage, until somebody repairs it. */
    private static final List<String> STORAGE =
            List.of("Read-only file system", "Permission denied", "Operation not permitted", "File too large");

    private TaskFault(Kind kind, String remedy) {
        this(kind, new Remedy.Text(remedy));
    }

    public static TaskFault of(TaskWatch.Outcome outcome, UploadRequest request, String name, URI at) {
        String exit = outcome.exit();
        String storage = request.storage();
        boolean fetched = request.from() != null;
        if (exit.contains("checksum mismatch")) {
            return new TaskFault(
                    Kind.UNAVAILABLE,
                    fetched
                            ? "put the file that was built at " + request.from()
                            : "the file changed in transit: connect to the node directly, not through a proxy");
        }
        if (exit.contains("No space left") || exit.contains("Disk quota exceeded")) {
            return new TaskFault(
                    Kind.REFUSED,
                    Remedy.sentence(
                            "free space on the storage: ",
                            Remedy.command(Verb.PRUNE).or("pvesm list " + storage)));
        }
        if (CONTENT.stream().anyMatch(exit::contains)) {
            return new TaskFault(
                    Kind.BAD_ARTIFACT,
                    "the file is not what its extension says, or has a backing file: qemu-img info %s; qemu-img convert makes one without"
                            .formatted(name));
        }
        if (NodeCommands.isOfSsh(exit) || (outcome.isOfCopy() && NodeCommands.isOfSsh(outcome.tail()))) {
            return new TaskFault(Kind.UNAVAILABLE, NodeCommands.ssh(outcome.tail(), at.getHost()));
        }
        if (STORAGE.stream().anyMatch(exit::contains)) {
            return new TaskFault(
                    Kind.REFUSED,
                    "check the storage on that node: pvesm status --storage %1$s; pvesm path %2$s"
                            .formatted(storage, request.volumeId(name)));
        }
        if (exit.contains("download failed")) {
            return new TaskFault(Kind.UNAVAILABLE, "on the node: wget -O /dev/null " + request.from());
        }
        if (outcome.killed()) {
            return new TaskFault(
                    Kind.UNAVAILABLE,
                    "the task was killed and may have left a partial file: pvesm free " + request.volumeId(name));
        }
        if (outcome.forgotten()) {
            return new TaskFault(Kind.UNAVAILABLE, "run the command again: the stored file may be incomplete");
        }
        if (exit.contains("failed to stat")) {
            return new TaskFault(
                    Kind.UNAVAILABLE,
                    "the storage took too long to answer: pvesm status --storage %s, then run the command again"
                            .formatted(storage));
        }
        return new TaskFault(
                Kind.UNAVAILABLE,
                "check the storage on node %s: pvesm status --storage %s; then run the command again"
                        .formatted(outcome.task().node(), storage));
    }
}
