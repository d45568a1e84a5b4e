package dev.talosforge.lab.pve;

import java.util.EnumMap;
import java.util.Map;

/** The faults that are switched on. Safe for use by several threads. */
public final class PveFaults {
    private final Map<PveFault, Integer> armed = new EnumMap<>(PveFault.class);
    private final Map<PveFault, Integer> passing = new EnumMap<>(PveFault.class);

    /** Lets the next {@code times} occasions go wrong. */
    public synchronized void arm(PveFault fault, int times) {
        arm(fault, times, 0);
    }

    /** Lets {@code times} occasions go wrong, after as many as {@code first} that go well. */
    public synchronized void arm(PveFault fault, int times, int first) {
        armed.put(fault, times);
        passing.put(fault, first);
    }

    /** Switches everything off. */
    public synchronized void clear() {
        armed.clear();
        passing.clear();
    }

    /** Whether it goes wrong this time; counts the occasion. */
    synchronized boolean strikes(PveFault fault) {
        int well = passing.getOrDefault(fault, 0);
        if (well > 0) {
            passing.put(fault, well - 1);
            return false;
        }
        int left = armed.getOrDefault(fault, 0);
        if (left > 0) {
            armed.put(fault, left - 1);
        }
        return left > 0;
    }
}
