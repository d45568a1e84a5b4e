package dev.talosforge.lab.pve;

import java.util.EnumMap;
import java.util.Map;

/** The faults that are switched on. Safe for use by several threads. */
public final class PveFaults {
    private final Map<PveFault, Integer> armed = new EnumMap<>(PveFault.class);

    /** Lets the next {@code times} occasions go wrong. */
    public synchronized void arm(PveFault fault, int times) {
        armed.put(fault, times);
    }

    /** Switches everything off. */
    public synchronized void clear() {
        armed.clear();
    }

    /** Whether it goes wrong this time; counts the occasion. */
    synchronized boolean strikes(PveFault fault) {
        int left = armed.getOrDefault(fault, 0);
        if (left > 0) {
            armed.put(fault, left - 1);
        }
        return left > 0;
    }
}
