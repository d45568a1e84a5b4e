package dev.talosforge.lab.pve;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The faults that are switched on. Safe for use by several threads. */
public final class PveFaults {
    private final Map<PveFault, Integer> armed = new EnumMap<>(PveFault.class);
    private final Map<PveFault, Integer> passing = new EnumMap<>(PveFault.class);

    /** Makes the next {@code times} occasions fail. */
    public synchronized void arm(PveFault fault, int times) {
        arm(fault, times, 0);
    }

    /** Makes {@code times} occasions fail, after {@code first} that succeed. */
    public synchronized void arm(PveFault fault, int times, int first) {
        armed.put(fault, times);
        passing.put(fault, first);
    }

    /**
     * A fault that is switched on.
     *
     * @param times how often it will still strike
     * @param first how many occasions succeed before
     */
    public record Armed(PveFault fault, int times, int first) {}

    /** The faults that are on, in declaration order. */
    public synchronized List<Armed> armed() {
        List<Armed> all = new ArrayList<>();
        armed.forEach((fault, times) -> {
            if (times > 0) {
                all.add(new Armed(fault, times, passing.getOrDefault(fault, 0)));
            }
        });
        return all;
    }

    /** Switches everything off. */
    public synchronized void clear() {
        armed.clear();
        passing.clear();
    }

    /** Whether it fails this time; counts the occasion. */
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
