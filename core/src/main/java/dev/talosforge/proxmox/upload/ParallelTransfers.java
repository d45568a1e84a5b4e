package dev.talosforge.proxmox.upload;

import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.proxmox.api.SentTask;
import dev.talosforge.proxmox.api.StoredFile;
import dev.talosforge.proxmox.api.UploadProgress;
import dev.talosforge.proxmox.api.UploadResult.OnNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Transfers to several nodes in parallel, a few at a time. A failure does not stop the others; all failures are
 * reported.
 *
 * <p>No virtual threads: the JVM's poller of their sockets delays its exit by 0.3 s.
 */
final class ParallelTransfers {
    private static final int AT_ONCE = 3;

    private final UploadProgress progress;
    private long sent;
    private int rounds = 1;

    ParallelTransfers(UploadProgress progress) {
        this.progress = progress;
    }

    /** The transfer to one storage. */
    @FunctionalInterface
    interface NodeTransfer {
        List<OnNode> run(UploadProgress progress) throws InterruptedException;
    }

    /** Another transfer will follow and is part of the total. */
    void repeat() {
        rounds = 2;
    }

    List<OnNode> run(List<NodeTransfer> lanes) throws InterruptedException {
        List<OnNode> done = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(
                AT_ONCE, Thread.ofPlatform().daemon().name("proxmox-", 0).factory())) {
            List<Future<List<OnNode>>> running = new ArrayList<>();
            for (NodeTransfer transfer : lanes) {
                Shared shared = new Shared(lanes.size());
                running.add(threads.submit(() -> transfer.run(shared)));
            }
            try {
                for (Future<List<OnNode>> one : running) {
                    collect(one, done, problems);
                }
            } finally {
                threads.shutdownNow();
            }
        }
        if (!problems.isEmpty()) {
            throw new BuildException(problems, null);
        }
        return done;
    }

    private static void collect(Future<List<OnNode>> one, List<OnNode> done, List<Problem> problems)
            throws InterruptedException {
        try {
            done.addAll(one.get());
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case BuildException explained -> problems.addAll(explained.problems());
                case InterruptedException interrupted -> throw interrupted;
                case RuntimeException bug -> throw bug;
                case null, default -> throw new IllegalStateException(e);
            }
        }
    }

    /** Sums up what the lanes of one round have sent; a repeated attempt counts from its beginning. */
    private final class Shared implements UploadProgress {
        private final int lanes;
        private long mine;

        Shared(int lanes) {
            this.lanes = lanes;
        }

        @Override
        public void sent(long bytes, long size) {
            synchronized (ParallelTransfers.this) {
                sent += bytes - mine;
                mine = bytes;
                progress.sent(sent, size * lanes * rounds);
            }
        }

        @Override
        public void started(SentTask task) {
            synchronized (ParallelTransfers.this) {
                progress.started(task);
            }
        }

        @Override
        public void ended(SentTask task) {
            synchronized (ParallelTransfers.this) {
                progress.ended(task);
            }
        }

        @Override
        public void stored(String node, StoredFile file) {
            synchronized (ParallelTransfers.this) {
                progress.stored(node, file);
            }
        }
    }
}
