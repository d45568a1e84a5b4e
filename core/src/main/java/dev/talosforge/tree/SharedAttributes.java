package dev.talosforge.tree;

import dev.talosforge.tree.Entry.Attributes;
import java.util.HashMap;
import java.util.Map;

/** Returns one object for equal attributes: most files of a tree share owner, mode and time. Thread-safe. */
public final class SharedAttributes {
    private static final int MAX = 1 << 12;

    private final Map<Attributes, Attributes> known = new HashMap<>(); // looked up only, never iterated

    public synchronized Attributes of(Attributes attributes) {
        Attributes before = known.get(attributes);
        if (before == null && known.size() < MAX) {
            known.put(attributes, attributes);
        }
        return before == null ? attributes : before;
    }
}
