package dev.talosforge.json;

import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;
import java.util.function.Function;

/** Values that are made of something smaller, one at a time. */
final class LazyItems<T> extends AbstractList<Json> implements RandomAccess {
    private final List<T> items;
    private final Function<T, ? extends Json> each;

    LazyItems(List<T> items, Function<T, ? extends Json> each) {
        this.items = items;
        this.each = each;
    }

    @Override
    public Json get(int index) {
        return each.apply(items.get(index));
    }

    @Override
    public int size() {
        return items.size();
    }
}
