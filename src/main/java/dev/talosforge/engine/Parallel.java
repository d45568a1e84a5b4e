package dev.talosforge.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Several pieces of work at the same time. */
public final class Parallel {
    private Parallel() {}

    /**
     * Runs all of them, each in a thread of its own, and waits for all. For work that waits: requests, programs.
     *
     * @return the results in the order of the work
     * @throws Exception that of the first piece, in order, that failed; the others of this kind are attached to it
     */
    public static <T> List<T> all(List<Callable<T>> work) throws Exception {
        List<T> results = new ArrayList<>();
        Exception failure = null;
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> futures = new ArrayList<>();
            for (Callable<T> piece : work) {
                futures.add(executor.submit(piece));
            }
            try {
                for (Future<T> future : futures) {
                    try {
                        results.add(future.get());
                    } catch (ExecutionException e) {
                        failure = merge(failure, e.getCause() == null ? e : e.getCause());
                    }
                }
            } catch (InterruptedException e) {
                executor.shutdownNow();
                throw e;
            }
        }
        if (failure != null) {
            throw failure;
        }
        return results;
    }

    private static Exception merge(@org.jspecify.annotations.Nullable Exception first, Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        Exception next = cause instanceof Exception exception ? exception : new IllegalStateException(cause);
        if (first == null) {
            return next;
        }
        if (!first.equals(next)) {
            first.addSuppressed(next);
        }
        return first;
    }
}
