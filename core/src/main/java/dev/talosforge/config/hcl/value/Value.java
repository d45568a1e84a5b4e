package dev.talosforge.config.hcl.value;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.text.Normalizer;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The result of an expression. Immutable. Numbers have arbitrary precision; members of objects are in the order of
 * their names' code points, which is the order in which HCL iterates over them.
 */
public sealed interface Value {
    /** Characters in one text. */
    int MAX_TEXT = 16 << 20;

    /** Digits that a number may have before and after its decimal point. */
    int MAX_DIGITS = 5000;

    /** How deep collections may be nested. */
    int MAX_DEPTH = 200;

    /** Order of names and of texts in sets: by code points, which is the order of their UTF-8 bytes. */
    Comparator<String> BY_CODE_POINT = Value::compareByCodePoint;

    /** Text in Unicode's composed form (NFC), so that texts that look the same are the same. */
    record Text(String value) implements Value {
        public Text {
            for (int i = 0; i < value.length(); i++) {
                if (value.charAt(i) >= 0x300) {
                    value = Normalizer.normalize(value, Normalizer.Form.NFC);
                    break;
                }
            }
        }
    }

    /** Two numbers are equal when they are the same number, however they were written. */
    record Decimal(BigDecimal value) implements Value {
        public Decimal {
            value = value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
            if (value.precision() > MAX_DIGITS || Math.abs((long) value.scale()) > MAX_DIGITS) {
                throw new ArithmeticException("a number has more than " + MAX_DIGITS + " digits");
            }
        }

        public boolean isWhole() {
            return value.scale() <= 0;
        }
    }

    record Bool(boolean value) implements Value {}

    record Null() implements Value {}

    /** A value that is not known yet; values made from it are not known either. */
    record Unknown() implements Value {}

    /** A sequence of items. Those of a set are in the set's own order, each once. */
    record Sequence(Kind kind, List<Value> items) implements Value {
        /** The items of a tuple have any types, those of lists and sets have one type. */
        public enum Kind {
            TUPLE,
            LIST,
            SET
        }

        public Sequence {
            items = Items.of(items);
        }
    }

    /**
     * Members by name.
     *
     * @param map whether it is a map, whose members have one type; otherwise an object
     */
    record Mapping(boolean map, SortedMap<String, Value> members) implements Value {
        public Mapping {
            members = Members.of(members);
        }
    }

    static Value of(String text) {
        return new Text(text);
    }

    static Value of(BigDecimal number) {
        return new Decimal(number);
    }

    static Value of(BigInteger number) {
        return new Decimal(new BigDecimal(number));
    }

    static Value of(long number) {
        return new Decimal(BigDecimal.valueOf(number));
    }

    static Value of(boolean bool) {
        return new Bool(bool);
    }

    static Value ofNull() {
        return new Null();
    }

    static Value unknown() {
        return new Unknown();
    }

    static Value tuple(List<Value> items) {
        return new Sequence(Sequence.Kind.TUPLE, items);
    }

    static Value list(List<Value> items) {
        return new Sequence(Sequence.Kind.LIST, items);
    }

    static Value listOfTexts(Collection<String> texts) {
        return list(texts.stream().map(Value::of).toList());
    }

    /** Each item once, in the order of {@link ValueOrder}. */
    static Value set(Collection<Value> items) {
        TreeSet<Value> sorted = new TreeSet<>(ValueOrder.INSTANCE);
        sorted.addAll(items);
        return new Sequence(Sequence.Kind.SET, List.copyOf(sorted));
    }

    static Value object(Map<String, ? extends Value> members) {
        return new Mapping(false, sorted(members));
    }

    static Value map(Map<String, ? extends Value> members) {
        return new Mapping(true, sorted(members));
    }

    private static SortedMap<String, Value> sorted(Map<String, ? extends Value> members) {
        SortedMap<String, Value> sorted = new TreeMap<>(BY_CODE_POINT);
        sorted.putAll(members);
        return Members.of(sorted);
    }

    /** The kind of the value, in the words of a message. */
    default String kindName() {
        return switch (this) {
            case Text _ -> "text";
            case Decimal _ -> "a number";
            case Bool _ -> "a bool";
            case Null _ -> "null";
            case Unknown _ -> "not known yet";
            case Sequence(var kind, var _) ->
                switch (kind) {
                    case TUPLE -> "a tuple";
                    case LIST -> "a list";
                    case SET -> "a set";
                };
            case Mapping(var map, var _) -> map ? "a map" : "an object";
        };
    }

    private static int compareByCodePoint(String a, String b) {
        int shared = Math.min(a.length(), b.length());
        for (int i = 0; i < shared; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                boolean highX = Character.isSurrogate(x);
                boolean highY = Character.isSurrogate(y);
                return highX == highY ? Character.compare(x, y) : highX ? 1 : -1;
            }
        }
        return Integer.compare(a.length(), b.length());
    }
}
