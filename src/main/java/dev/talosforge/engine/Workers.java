package dev.talosforge.engine;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Threads for work that computes: one a core, shared by all that runs. For any number of threads. */
public final class Workers implements Executor, AutoCloseable {
    private final ExecutorService threads;

    private Workers(ExecutorService threads) {
        this.threads = threads;
    }

    /** As many as the machine has cores. They stop nobody from exiting. */
    public static Workers perCore() {
        return new Workers(Executors.newFixedThreadPool(
                Math.max(1, Runtime.getRuntime().availableProcessors()),
                Thread.ofPlatform().daemon().name("worker-", 1).factory()));
    }

    @Override
    public void execute(Runnable work) {
        threads.execute(work);
    }

    /** Ends the threads; work that nobody waited for is interrupted. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
