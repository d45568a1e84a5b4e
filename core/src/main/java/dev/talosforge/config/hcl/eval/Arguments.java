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

/** The arguments of one call, converted as they are asked for. */
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

    /** Where the call stands. */
    public Range range() {
        return range;
    }

    /** Who evaluates the call, for functions that evaluate more. */
    public Evaluator evaluator() {
        return evaluator;
    }

    public Equality equality() {
        return new Equality(evaluator.budget(), range);
    }

    /** Any value, null included. */
    public Value value(int index) {
        return values.get(index);
    }

    /** Any value but null. */
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
        throw failure(index, "text was expected, it is " + value(index).kindName());
    }

    public BigDecimal number(int index) {
        if (Type.Simple.NUMBER.convert(some(index)) instanceof Value.Decimal(BigDecimal number)) {
            return number;
        }
        throw failure(
                index,
                value(index) instanceof Value.Text(String text)
                        ? "a number was expected, it is \"" + text + "\""
                        : "a number was expected, it is " + value(index).kindName());
    }

    /** A whole number in the range given, both ends included. */
    public int whole(int index, int least, int most) {
        BigDecimal number = number(index);
        try {
            int whole = number.intValueExact();
            if (whole >= least && whole <= most) {
                return whole;
            }
        } catch (ArithmeticException e) {
            // Said below, together with what is out of the range.
        }
        throw failure(
                index,
                "a whole number from %d to %d was expected, it is %s".formatted(least, most, number.toPlainString()));
    }

    public boolean bool(int index) {
        if (Type.Simple.BOOL.convert(some(index)) instanceof Value.Bool(boolean bool)) {
            return bool;
        }
        throw failure(index, "true or false was expected, it is " + value(index).kindName());
    }

    /** The items of a tuple, list or set. */
    public List<Value> items(int index) {
        if (some(index) instanceof Value.Sequence(var _, List<Value> items)) {
            return items;
        }
        throw failure(index, "a list was expected, it is " + value(index).kindName());
    }

    /** A whole number that fits 64 bits. */
    public long wholeLong(int index) {
        try {
            return number(index).longValueExact();
        } catch (ArithmeticException e) {
            throw failure(
                    index,
                    "a whole number of 64 bits was expected, it is "
                            + number(index).toPlainString());
        }
    }

    /** The items of a tuple or list; those of a set have no places. */
    public List<Value> ordered(int index) {
        List<Value> items = items(index);
        if (isSet(index)) {
            throw new FunctionFailure(
                    Kind.INVALID_INPUT, index, "a list was expected, it is a set", "make a list of it: tolist(...)");
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
                        index, "a list of texts was expected, item %d is %s".formatted(texts.size(), item.kindName()));
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
        throw failure(index, "a map was expected, it is " + value(index).kindName());
    }

    public boolean isSet(int index) {
        return values.get(index) instanceof Value.Sequence(Value.Sequence.Kind kind, var _)
                && kind == Value.Sequence.Kind.SET;
    }

    public boolean isTuple(int index) {
        return values.get(index) instanceof Value.Sequence(Value.Sequence.Kind kind, var _)
                && kind == Value.Sequence.Kind.TUPLE;
    }

    /** To be thrown: the argument is to blame. */
    public FunctionFailure failure(int index, String why) {
        return new FunctionFailure(index, why);
    }

    /** To be thrown: the call as a whole has no result. */
    public FunctionFailure failure(String why) {
        return new FunctionFailure(-1, why);
    }
}
