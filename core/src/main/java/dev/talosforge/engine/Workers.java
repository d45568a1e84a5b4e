package dev.talosforge.engine;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Threads for CPU-bound work: one per core, shared by everything that runs. Thread-safe. */
public final class Workers implements Executor, AutoCloseable {
    private final ExecutorService threads;

    private Workers(ExecutorService threads) {
        this.threads = threads;
    }

    /** One thread per core. They do not keep the JVM from exiting. */
    public static Workers perCore() {
        return new Workers(Executors.newFixedThreadPool(
                Math.max(1, Runtime.getRuntime().availableProcessors()),
                Thread.ofPlatform().daemon().name("worker-", 1).factory()));
    }

    @Override
    public void execute(Runnable work) {
        threads.execute(work);
    }

    /** Ends the threads; work that nobody waits for is interrupted. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
