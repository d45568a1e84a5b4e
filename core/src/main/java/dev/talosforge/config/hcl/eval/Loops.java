package dev.talosforge.config.hcl.eval;

import dev.talosforge.config.hcl.syntax.Expression;
import dev.talosforge.config.hcl.syntax.Expression.ForObject;
import dev.talosforge.config.hcl.syntax.Expression.ForTuple;
import dev.talosforge.config.hcl.syntax.Expression.Iteration;
import dev.talosforge.config.hcl.value.Type;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.hcl.value.Value.Sequence.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** For-expressions. HCL native syntax, "For Expressions". */
final class Loops {
    private final Evaluator evaluator;

    Loops(Evaluator evaluator) {
        this.evaluator = evaluator;
    }

    /** One evaluator per iteration, with the variables of the iteration; null if the collection is not known. */
    @Nullable
    List<Evaluator> steps(Iteration iteration) {
        Value collection = evaluator.evaluate(iteration.collection());
        List<Evaluator> steps = new ArrayList<>();
        switch (collection) {
            case Value.Unknown _ -> {
                return null;
            }
            case Value.Sequence(Kind kind, List<Value> items) -> {
                for (int i = 0; i < items.size(); i++) {
                    steps.add(step(iteration, kind == Kind.SET ? items.get(i) : Value.of(i), items.get(i)));
                }
            }
            case Value.Mapping(var _, SortedMap<String, Value> members) ->
                members.forEach((name, member) -> steps.add(step(iteration, Value.of(name), member)));
            case Value.Null _, Value.Text _, Value.Decimal _, Value.Bool _ ->
                throw iteration
                        .collection()
                        .range()
                        .problem(
                                "cannot iterate over this",
                                "expected a list or a map, found " + collection.kindName(),
                                null);
        }
        return steps;
    }

    private Evaluator step(Iteration iteration, Value key, Value value) {
        Evaluator step = iteration.key() == null ? evaluator : evaluator.with(iteration.key(), key);
        return step.with(iteration.value(), value);
    }

    /** A condition is checked even if the collection is empty: a wrong name in it is found immediately. */
    private @Nullable List<Evaluator> steps(Iteration iteration, @Nullable Expression condition) {
        List<Evaluator> steps = steps(iteration);
        if (steps == null || (steps.isEmpty() && condition != null)) {
            included(step(iteration, Value.unknown(), Value.unknown()), condition);
        }
        return steps;
    }

    /** The iterations that the condition selects; null if it or the collection is not known. */
    @Nullable
    List<Evaluator> included(ForTuple loop) {
        List<Evaluator> steps = steps(loop.iteration(), loop.condition());
        if (steps == null) {
            return null;
        }
        List<Evaluator> chosen = new ArrayList<>();
        for (Evaluator step : steps) {
            Boolean included = included(step, loop.condition());
            if (included == null) {
                return null;
            }
            if (included) {
                chosen.add(step);
            }
        }
        return chosen;
    }

    Value tuple(ForTuple loop) {
        List<Evaluator> steps = included(loop);
        if (steps == null) {
            return Value.unknown();
        }
        List<Value> items = new ArrayList<>(steps.size());
        for (Evaluator step : steps) {
            items.add(step.evaluate(loop.result()));
        }
        return Value.tuple(items);
    }

    Value object(ForObject loop) {
        List<Evaluator> steps = steps(loop.iteration(), loop.condition());
        if (steps == null) {
            return Value.unknown();
        }
        SortedMap<String, Value> members = new TreeMap<>(Value.BY_CODE_POINT);
        SortedMap<String, List<Value>> groups = new TreeMap<>(Value.BY_CODE_POINT);
        for (Evaluator step : steps) {
            Boolean included = included(step, loop.condition());
            Value key = included != null && included ? step.evaluate(loop.key()) : Value.ofNull();
            if (included == null || key instanceof Value.Unknown) {
                return Value.unknown();
            }
            if (!included) {
                continue;
            }
            if (!(Type.Simple.TEXT.convert(key) instanceof Value.Text(String name))) {
                throw loop.key().range().problem("cannot use this as a key", "it is " + key.kindName(), null);
            }
            Value value = step.evaluate(loop.result());
            if (loop.grouped()) {
                groups.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
            } else if (members.put(name, value) != null) {
                throw loop.key()
                        .range()
                        .problem(
                                "cannot create two members called \"" + name + "\"",
                                "several items of the collection give this key",
                                "write ... after the value to collect them in a list");
            }
        }
        groups.forEach((name, values) -> members.put(name, Value.tuple(values)));
        return Value.object(members);
    }

    /** Null if it is not known. */
    private static @Nullable Boolean included(Evaluator step, @Nullable Expression condition) {
        if (condition == null) {
            return true;
        }
        Value value = step.evaluate(condition);
        return value instanceof Value.Unknown ? null : (Boolean) Operators.bool(value, condition);
    }
}
