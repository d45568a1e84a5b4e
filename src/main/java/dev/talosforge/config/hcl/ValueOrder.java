package dev.talosforge.config.hcl;

import java.util.Comparator;
import java.util.Iterator;
import java.util.List;

/** The order of a set's items: bools, numbers, texts in their own orders; then what is composed. */
final class ValueOrder implements Comparator<Value> {
    static final ValueOrder INSTANCE = new ValueOrder();

    private ValueOrder() {}

    @Override
    public int compare(Value a, Value b) {
        int rank = Integer.compare(rank(a), rank(b));
        if (rank != 0) {
            return rank;
        }
        return switch (a) {
            case Value.Text(String x) when b instanceof Value.Text(String y) -> Value.BY_CODE_POINT.compare(x, y);
            case Value.Decimal(var x) when b instanceof Value.Decimal(var y) -> x.compareTo(y);
            case Value.Bool(boolean x) when b instanceof Value.Bool(boolean y) -> Boolean.compare(x, y);
            case Value.Sequence(var _, var x) when b instanceof Value.Sequence(var _, var y) -> rows(x, y);
            case Value.Mapping(var _, var x)
            when b instanceof Value.Mapping(var _, var y) -> {
                int names = rows(names(x.keySet()), names(y.keySet()));
                yield names != 0 ? names : rows(List.copyOf(x.values()), List.copyOf(y.values()));
            }
            default -> 0;
        };
    }

    private static List<Value> names(Iterable<String> names) {
        List<Value> texts = new java.util.ArrayList<>();
        names.forEach(name -> texts.add(Value.of(name)));
        return texts;
    }

    private int rows(List<Value> a, List<Value> b) {
        Iterator<Value> others = b.iterator();
        for (Value item : a) {
            if (!others.hasNext()) {
                return 1;
            }
            int order = compare(item, others.next());
            if (order != 0) {
                return order;
            }
        }
        return others.hasNext() ? -1 : 0;
    }

    private static int rank(Value value) {
        return switch (value) {
            case Value.Bool _ -> 0;
            case Value.Decimal _ -> 1;
            case Value.Text _ -> 2;
            case Value.Sequence _ -> 3;
            case Value.Mapping _ -> 4;
            case Value.Null _ -> 5;
            case Value.Unknown _ -> 6;
        };
    }
}
