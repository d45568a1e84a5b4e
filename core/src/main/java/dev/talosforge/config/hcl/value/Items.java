package dev.talosforge.config.hcl.value;

import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/** An immutable list of values that knows how deep they are nested. */
final class Items extends AbstractList<Value> implements RandomAccess {
    private final List<Value> items;
    private final int depth;

    private Items(List<Value> items, int depth) {
        this.items = items;
        this.depth = depth;
    }

    /** Throws a {@link FunctionFailure} for more than {@link Value#MAX_DEPTH} levels. */
    static Items of(List<Value> items) {
        return items instanceof Items already ? already : new Items(List.copyOf(items), Members.depthAround(items));
    }

    int depth() {
        return depth;
    }

    @Override
    public Value get(int index) {
        return items.get(index);
    }

    @Override
    public int size() {
        return items.size();
    }
}
