package dev.talosforge.config.hcl.value;

import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

/**
 * The order of a set's items: bools, numbers, texts in their own orders; then collections, in the order of a text of
 * their parts. The language iterates over sets in this order.
 */
public final class ValueOrder implements Comparator<Value> {
    public static final ValueOrder INSTANCE = new ValueOrder();

    private ValueOrder() {}

    @Override
    public int compare(Value a, Value b) {
        boolean composed = a instanceof Value.Sequence || a instanceof Value.Mapping;
        if (composed && (b instanceof Value.Sequence || b instanceof Value.Mapping)) {
            int order = Value.BY_CODE_POINT.compare(key(a), key(b));
            if (order != 0) {
                return order;
            }
        }
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

    private static String key(Value value) {
        StringBuilder key = new StringBuilder();
        appendKey(value, key);
        return key.toString();
    }

    private static void appendKey(Value value, StringBuilder key) {
        switch (value) {
            case Value.Unknown _ -> key.append('?');
            case Value.Null _ -> key.append('~');
            case Value.Bool(boolean bool) -> key.append(bool ? 'T' : 'F');
            case Value.Decimal(var number) -> key.append(NumberText.shortened(number));
            case Value.Text(String text) -> key.append(quoted(text));
            case Value.Sequence(var kind, var items) -> {
                boolean tuple = kind == Value.Sequence.Kind.TUPLE;
                key.append(tuple ? '<' : '[');
                for (Value item : items) {
                    appendKey(item, key);
                    key.append(';');
                }
                key.append(tuple ? '>' : ']');
            }
            case Value.Mapping(boolean map, var members) -> {
                key.append(map ? '{' : '<');
                members.forEach((name, member) -> {
                    key.append(map ? quoted(name) + ":" : "");
                    appendKey(member, key);
                    key.append(';');
                });
                key.append(map ? '}' : '>');
            }
        }
    }

    /** Between quotes, with characters that do not print replaced by their numbers. */
    private static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            switch (c) {
                case '"', '\\' -> out.append('\\').appendCodePoint(c);
                case '\t' -> out.append("\\t");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                default -> {
                    if (c == ' ' || prints(c)) {
                        out.appendCodePoint(c);
                    } else {
                        out.append(String.format(
                                Locale.ROOT, c < 0x80 ? "\\x%02x" : c > 0xFFFF ? "\\U%08x" : "\\u%04x", c));
                    }
                }
            }
        });
        return out.append('"').toString();
    }

    private static boolean prints(int c) {
        return switch (Character.getType(c)) {
            case Character.UNASSIGNED,
                    Character.CONTROL,
                    Character.FORMAT,
                    Character.PRIVATE_USE,
                    Character.SURROGATE,
                    Character.SPACE_SEPARATOR,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
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
