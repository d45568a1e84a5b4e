package dev.talosforge.net;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Runs blocking work in parallel, one virtual thread per piece. The limit of requests per host is set elsewhere. */
public final class Parallel {
    private Parallel() {}

    /** Work that waits for another machine. */
    @FunctionalInterface
    public interface Task {
        void run() throws IOException, InterruptedException;
    }

    /**
     * Runs everything and waits for everything, even if a piece fails: the other results are still useful.
     *
     * @return the results in the order of the work
     * @throws Exception the failure of the first piece, in order, that failed; others of this kind are attached to it
     */
    public static <T> List<T> all(List<Callable<T>> work) throws Exception {
        List<T> results = new ArrayList<>();
        Exception failure = null;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> futures = new ArrayList<>();
            for (Callable<T> piece : work) {
                futures.add(threads.submit(piece));
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
                threads.shutdownNow();
                throw e;
            }
        }
        if (failure != null) {
            throw failure;
        }
        return results;
    }

    /** The results of two pieces of work. */
    public record Both<A, B>(A first, B second) {}

    /** As {@link #all}, for two pieces with different result types. */
    public static <A, B> Both<A, B> both(Callable<A> first, Callable<B> second) throws Exception {
        AtomicReference<A> firstMade = new AtomicReference<>();
        AtomicReference<B> secondMade = new AtomicReference<>();
        List<Callable<Boolean>> work = new ArrayList<>();
        work.add(() -> {
            firstMade.set(first.call());
            return true;
        });
        work.add(() -> {
            secondMade.set(second.call());
            return true;
        });
        all(work);
        return new Both<>(Objects.requireNonNull(firstMade.get()), Objects.requireNonNull(secondMade.get()));
    }

    /**
     * Runs all tasks and returns when the last one has ended. The first failure, or an interrupt, interrupts the others
     * and is thrown once they have ended: nothing continues behind the caller's back.
     */
    public static void untilFirstFailure(List<Task> tasks) throws IOException, InterruptedException {
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

    private static Exception merge(@Nullable Exception first, Throwable cause) {
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
