package dev.talosforge.net;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Waiting work side by side: one virtual thread a task. How many talk to one host at once is not decided here. */
public final class Parallel {
    private Parallel() {}

    /** Something that waits for another machine. */
    @FunctionalInterface
    public interface Task {
        void run() throws IOException, InterruptedException;
    }

    /**
     * Runs all tasks and returns when the last one has ended. The first failure, or an interrupt, interrupts the
     * others, and is thrown when they have ended: nothing goes on behind the caller's back.
     */
    public static void run(List<Task> tasks) throws IOException, InterruptedException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var finished = new ExecutorCompletionService<Void>(threads);
            List<Future<Void>> running = new ArrayList<>();
            try {
                for (Task task : tasks) {
                    running.add(finished.submit(() -> {
                        task.run();
                        return null;
                    }));
                }
                for (int i = 0; i < tasks.size(); i++) {
                    finished.take().get();
                }
            } catch (ExecutionException e) {
                throw rethrown(e);
            } finally {
                running.forEach(future -> future.cancel(true));
            }
        }
    }

    private static IOException rethrown(ExecutionException e) throws InterruptedException {
        return switch (e.getCause()) {
            case IOException failure -> failure;
            case RuntimeException failure -> throw failure;
            case Error failure -> throw failure;
            case InterruptedException failure -> throw failure;
            case null, default -> new IOException(e.getCause());
        };
    }
}
