package dev.talosforge.bytes;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;

/**
 * Lets one at a time do something with a thing, and others with other things. Nothing is kept of a thing that nobody has
 * the turn at. Any thread may give a turn back; whoever has one and takes it again waits for ever.
 *
 * @param <K> the thing, compared by equals
 */
public final class Turns<K> {
    private final ConcurrentMap<K, CountDownLatch> taken = new ConcurrentHashMap<>();

    /** Waits for the turn, without a limit: whoever has it is at work. */
    public void take(K thing) throws InterruptedException {
        CountDownLatch mine = new CountDownLatch(1);
        for (var other = taken.putIfAbsent(thing, mine); other != null; other = taken.putIfAbsent(thing, mine)) {
            other.await();
        }
    }

    /** Gives it back to whoever waits. */
    public void giveBack(K thing) {
        CountDownLatch mine = taken.remove(thing);
        if (mine != null) {
            mine.countDown();
        }
    }

    /** How many turns are taken. */
    public int size() {
        return taken.size();
    }
}
