package dev.talosforge.lab.pve;

import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** The tasks of all nodes, newest last; the oldest are forgotten. Each runs on its own virtual thread. */
final class PveTasks {
    private static final int MAX_TASKS = 2000;

    private final InstantSource clock;
    private final SequencedMap<String, PveTask> tasks = new LinkedHashMap<>();
    private final List<Thread> workers = new ArrayList<>();
    private long nextPid = 0x3E;

    PveTasks(InstantSource clock) {
        this.clock = clock;
    }

    /** What a task does; it ends the task itself. An {@link IOException} is the error it ends with. */
    interface Work {
        String run(PveTask task) throws IOException, InterruptedException;
    }

    synchronized PveTask start(String node, String type, String subject, String owner, Work work) {
        long pid = nextPid++;
        PveTask task = new PveTask(node, pid, 0x38000 + pid, clock.instant().getEpochSecond(), type, subject, owner);
        if (tasks.size() >= MAX_TASKS) {
            tasks.pollFirstEntry();
        }
        tasks.put(task.upid(), task);
        workers.removeIf(worker -> !worker.isAlive());
        workers.add(Thread.ofVirtual().name(task.upid()).start(() -> run(task, work)));
        return task;
    }

    private void run(PveTask task, Work work) {
        try {
            end(task, work.run(task));
        } catch (IOException e) {
            end(task, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            end(task, PveMessage.TASK_STOPPED.text());
        } finally {
            if (task.running()) {
                end(task, PveMessage.TASK_KILLED.text());
            }
        }
    }

    private void end(PveTask task, String result) {
        task.end(result, clock.instant().getEpochSecond());
    }

    synchronized boolean areDone() {
        return tasks.values().stream().noneMatch(PveTask::running);
    }

    synchronized @Nullable PveTask find(String upid) {
        return tasks.get(upid);
    }

    /** Newest first. */
    synchronized List<PveTask> on(String node) {
        return tasks.sequencedValues().reversed().stream()
                .filter(task -> task.node().equals(node))
                .toList();
    }

    /** Interrupts what is still running, and waits for it. */
    void stop() throws InterruptedException {
        List<Thread> running;
        synchronized (this) {
            running = List.copyOf(workers);
        }
        running.forEach(Thread::interrupt);
        for (Thread worker : running) {
            worker.join(10_000);
        }
    }
}
