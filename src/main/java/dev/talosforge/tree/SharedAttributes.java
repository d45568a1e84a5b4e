package dev.talosforge.tree;

import dev.talosforge.tree.Entry.Attributes;
import java.util.HashMap;
import java.util.Map;

/** Gives equal attributes as one object: most files of a tree share owner, mode and time. Safe for several threads. */
public final class SharedAttributes {
    private static final int MAX = 1 << 12;

    private final Map<Attributes, Attributes> known = new HashMap<>(); // looked up only, never walked

    public synchronized Attributes of(Attributes attributes) {
        Attributes before = known.get(attributes);
        if (before == null && known.size() < MAX) {
            known.put(attributes, attributes);
        }
        return before == null ? attributes : before;
    }
}
