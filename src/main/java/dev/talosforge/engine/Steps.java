package dev.talosforge.engine;

import dev.talosforge.bytes.Sha256;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;

/** Runs steps, and takes an earlier result where one with the same identity is in the store. */
public final class Steps {
    private final Store store;
    private final Events events;
    private final boolean fresh;

    /** Held by whoever makes a result now: who wants the same waits for it, and does not make it again. */
    private final ConcurrentMap<Sha256, ReentrantLock> making = new ConcurrentHashMap<>();

    /**
     * A runner over a store.
     *
     * @param fresh whether to run every step though a result is there
     */
    public Steps(Store store, Events events, boolean fresh) {
        this.store = store;
        this.events = events;
        this.fresh = fresh;
    }

    public Store store() {
        return store;
    }

    public Events events() {
        return events;
    }

    /** The step's result: read back where its identity is known, else made, kept and returned. */
    public <T> T run(String unit, String name, Sha256 identity, Step<T> step) throws IOException {
        ReentrantLock lock = making.computeIfAbsent(identity, _ -> new ReentrantLock());
        try {
            lock.lockInterruptibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted before " + name);
        }
        try {
            return runAlone(unit, name, identity, step);
        } finally {
            lock.unlock();
        }
    }

    private <T> T runAlone(String unit, String name, Sha256 identity, Step<T> step) throws IOException {
        byte[] earlier = fresh ? null : store.result(identity);
        if (earlier != null) {
            T result = step.read(earlier, store);
            if (result != null) {
                events.finished(unit, name, step.describe(result), true);
                return result;
            }
        }
        if (Thread.interrupted()) {
            throw new InterruptedIOException("interrupted before " + name);
        }
        events.started(unit, name);
        T result = step.make(store);
        store.keep(identity, step.write(result));
        events.finished(unit, name, step.describe(result), false);
        return result;
    }
}
