package dev.talosforge.proxmox.upload;

import dev.talosforge.bytes.FormatException;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.proxmox.api.SentTask;
import dev.talosforge.proxmox.api.StoredFile;
import dev.talosforge.proxmox.api.Upid;
import dev.talosforge.proxmox.api.UploadProgress;
import dev.talosforge.proxmox.api.UploadRequest;
import dev.talosforge.proxmox.session.ProxmoxSession;
import dev.talosforge.proxmox.session.TaskWatch;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** How tasks of earlier runs ended that nobody saw end: runs that were killed, or servers that were away. */
final class Earlier {
    /** How much the clocks of a node and of its storage may differ, in seconds. */
    private static final long SKEW = 60;

    private final ProxmoxSession session;
    private final UploadRequest request;
    private final UploadProgress progress;

    /** When the task that put the content there ended, in seconds since the epoch, by node and file name. */
    private final SequencedMap<List<String>, Long> arrived = new LinkedHashMap<>();

    Earlier(ProxmoxSession session, UploadRequest request, UploadProgress progress) {
        this.session = session;
        this.request = request;
        this.progress = progress;
    }

    /**
     * Asks. A running task is waited for, whatever it brings: a second copy to the same name would collide with it.
     *
     * @param waits false to leave a running task alone
     */
    void settle(boolean waits) throws InterruptedException {
        List<String> names = List.of(request.fileName(), request.contentName());
        for (SentTask sent : request.manner().history().unseen()) {
            if (names.contains(sent.fileName())) {
                settle(sent, waits);
            }
        }
    }

    private void settle(SentTask sent, boolean waits) throws InterruptedException {
        TaskWatch watch = new TaskWatch(session, session.base());
        Upid task;
        TaskWatch.Outcome outcome;
        try {
            task = Upid.parse(sent.upid());
            outcome = watch.now(task);
        } catch (FormatException e) {
            progress.ended(sent);
            return;
        } catch (BuildException e) {
            // 400 is "no such task". A node that does not answer may tell next time.
            if (e.problems().getFirst().kind() == Problem.Kind.INVALID_INPUT) {
                progress.ended(sent);
            }
            return;
        }
        if (outcome == null && waits) {
            outcome = watch.follow(task);
        }
        if (outcome != null) {
            Long end = outcome.good() && sent.sha256().equals(request.sha256()) ? watch.ended(task) : null;
            if (end != null) {
                arrived.put(List.of(sent.node(), sent.fileName()), end);
            }
            progress.ended(sent);
        }
    }

    /** Whether such a task put this file there, and nobody changed it afterwards. */
    boolean uploaded(String node, boolean shared, StoredFile file) {
        return arrived.entrySet().stream()
                .anyMatch(task -> task.getKey().get(1).equals(file.fileName())
                        && (shared || task.getKey().getFirst().equals(node))
                        && file.created() <= task.getValue() + SKEW);
    }
}
