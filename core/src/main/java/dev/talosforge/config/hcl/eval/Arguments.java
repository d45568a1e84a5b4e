package dev.talosforge.config.hcl.eval;

import dev.talosforge.config.hcl.syntax.Range;
import dev.talosforge.config.hcl.value.FunctionFailure;
import dev.talosforge.config.hcl.value.Type;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.problem.Problem.Kind;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/** The arguments of one call, converted when they are read. */
public final class Arguments {
    private final List<Value> values;
    private final Evaluator evaluator;
    private final Range range;

    Arguments(List<Value> values, Evaluator evaluator, Range range) {
        this.values = List.copyOf(values);
        this.evaluator = evaluator;
        this.range = range;
    }

    public int size() {
        return values.size();
    }

    public List<Value> all() {
        return values;
    }

    /** The place of the call. */
    public Range range() {
        return range;
    }

    /** The evaluator of the call, for functions that evaluate more expressions. */
    public Evaluator evaluator() {
        return evaluator;
    }

    public Equality equality() {
        return new Equality(evaluator.budget(), range);
    }

    /** Any value, including null. */
    public Value value(int index) {
        return values.get(index);
    }

    /** Any value except null. */
    public Value some(int index) {
        if (values.get(index) instanceof Value.Null) {
            throw failure(index, "it is null");
        }
        return values.get(index);
    }

    public String text(int index) {
        if (Type.Simple.TEXT.convert(some(index)) instanceof Value.Text(String text)) {
            return text;
        }
        throw failure(index, "expected text, found " + value(index).kindName());
    }

    public BigDecimal number(int index) {
        if (Type.Simple.NUMBER.convert(some(index)) instanceof Value.Decimal(BigDecimal number)) {
            return number;
        }
        throw failure(
                index,
                value(index) instanceof Value.Text(String text)
                        ? "expected a number, found \"" + text + "\""
                        : "expected a number, found " + value(index).kindName());
    }

    /** A whole number in the given range, both ends included. */
    public int whole(int index, int least, int most) {
        BigDecimal number = number(index);
        try {
            int whole = number.intValueExact();
            if (whole >= least && whole <= most) {
                return whole;
            }
        } catch (ArithmeticException e) {
            // Reported below, together with numbers out of range.
        }
        throw failure(
                index,
                "expected a whole number from %d to %d, found %s".formatted(least, most, number.toPlainString()));
    }

    public boolean bool(int index) {
        if (Type.Simple.BOOL.convert(some(index)) instanceof Value.Bool(boolean bool)) {
            return bool;
        }
        throw failure(index, "expected true or false, found " + value(index).kindName());
    }

    /** The items of a tuple, list or set. */
    public List<Value> items(int index) {
        if (some(index) instanceof Value.Sequence(var _, List<Value> items)) {
            return items;
        }
        throw failure(index, "expected a list, found " + value(index).kindName());
    }

    /** A whole number that fits 64 bits. */
    public long wholeLong(int index) {
        try {
            return number(index).longValueExact();
        } catch (ArithmeticException e) {
            throw failure(
                    index,
                    "expected a whole number of 64 bits, found " + number(index).toPlainString());
        }
    }

    /** The items of a tuple or list; the items of a set have no positions. */
    public List<Value> ordered(int index) {
        List<Value> items = items(index);
        if (isSet(index)) {
            throw new FunctionFailure(
                    Kind.INVALID_INPUT, index, "expected a list, found a set", "make a list of it: tolist(...)");
        }
        return items;
    }

    /** The items of a tuple, list or set, converted to the one type of a list. */
    public List<Value> unified(int index) {
        List<Value> items = items(index);
        Type type = Type.unify(items.stream().map(Type::of).toList());
        if (type == null || !(new Type.ListOf(type).convert(value(index)) instanceof Value.Sequence list)) {
            throw failure(index, "its items have no type in common");
        }
        return list.items();
    }

    /** The items of a list, each as text. */
    public List<String> texts(int index) {
        List<String> texts = new ArrayList<>();
        for (Value item : items(index)) {
            if (!(Type.Simple.TEXT.convert(item) instanceof Value.Text(String text))) {
                throw failure(
                        index, "expected a list of texts, item %d is %s".formatted(texts.size(), item.kindName()));
            }
            texts.add(text);
        }
        return texts;
    }

    /** The members of a map or object. */
    public SortedMap<String, Value> members(int index) {
        if (some(index) instanceof Value.Mapping(var _, SortedMap<String, Value> members)) {
            return members;
        }
        throw failure(index, "expected a map, found " + value(index).kindName());
    }

    public boolean isSet(int index) {
        return values.get(index) instanceof Value.Sequence(Value.Sequence.Kind kind, var _)
                && kind == Value.Sequence.Kind.SET;
    }

    public boolean isTuple(int index) {
        return values.get(index) instanceof Value.Sequence(Value.Sequence.Kind kind, var _)
                && kind == Value.Sequence.Kind.TUPLE;
    }

    /** A failure to throw: the argument is at fault. */
    public FunctionFailure failure(int index, String why) {
        return new FunctionFailure(index, why);
    }

    /** A failure to throw: the call as a whole has no result. */
    public FunctionFailure failure(String why) {
        return new FunctionFailure(-1, why);
    }
}
