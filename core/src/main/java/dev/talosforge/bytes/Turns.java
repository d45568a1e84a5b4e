package dev.talosforge.bytes;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;

/**
 * Mutual exclusion by key: one holder per key at a time, with different keys independent. Nothing is kept for a key
 * without a holder. Any thread may give a turn back; a holder that takes the same turn again waits forever.
 *
 * @param <K> the key, compared by equals
 */
public final class Turns<K> {
    private final ConcurrentMap<K, CountDownLatch> taken = new ConcurrentHashMap<>();

    /** Waits for the turn, without a time limit: its holder is at work. */
    public void take(K thing) throws InterruptedException {
        CountDownLatch own = new CountDownLatch(1);
        for (var other = taken.putIfAbsent(thing, own); other != null; other = taken.putIfAbsent(thing, own)) {
            other.await();
        }
    }

    /** Gives the turn back to whoever waits for it. */
    public void giveBack(K thing) {
        CountDownLatch own = taken.remove(thing);
        if (own != null) {
            own.countDown();
        }
    }

    /** The number of turns held. */
    public int size() {
        return taken.size();
    }
}
