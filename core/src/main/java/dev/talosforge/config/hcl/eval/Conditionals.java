package dev.talosforge.config.hcl.eval;

import dev.talosforge.config.hcl.syntax.Expression;
import dev.talosforge.config.hcl.syntax.Expression.Conditional;
import dev.talosforge.config.hcl.syntax.Expression.ForTuple;
import dev.talosforge.config.hcl.syntax.Expression.Splat;
import dev.talosforge.config.hcl.value.Type;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.problem.BuildException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Conditional expressions. As in HashiCorp's implementation, both results are evaluated: they must have one type, and
 * the chosen one is converted to it. The other one may fail, and then its type does not matter.
 */
final class Conditionals {
    private final Evaluator evaluator;

    Conditionals(Evaluator evaluator) {
        this.evaluator = evaluator;
    }

    Value value(Conditional conditional) {
        Value condition = evaluator.evaluate(conditional.condition());
        if (condition instanceof Value.Unknown) {
            Type whenTrue = typeOf(conditional.whenTrue());
            Type whenFalse = typeOf(conditional.whenFalse());
            if (Type.unify(List.of(whenTrue, whenFalse)) == null) {
                throw conflict(conditional, whenTrue, whenFalse);
            }
            return condition;
        }
        boolean chosen = Operators.bool(condition, conditional.condition());
        Value result = evaluator.evaluate(chosen ? conditional.whenTrue() : conditional.whenFalse());
        Type own = Type.of(result);
        Type other = typeOf(chosen ? conditional.whenFalse() : conditional.whenTrue());
        Type both = Type.unify(List.of(own, other));
        Value converted = both == null ? null : both.convert(result);
        if (converted == null) {
            throw chosen ? conflict(conditional, own, other) : conflict(conditional, other, own);
        }
        return converted;
    }

    /** The type of a result that was not chosen. If it cannot be evaluated, its syntax may determine the type. */
    private Type typeOf(Expression expression) {
        if (new Calls(evaluator).reachOutside(expression)) {
            return StaticType.of(expression);
        }
        Value value = evaluated(expression);
        if (value != null && !(value instanceof Value.Unknown)) {
            return Type.of(value);
        }
        return switch (expression) {
            case Splat splat -> typeOf(splat);
            case ForTuple loop -> typeOf(loop);
            default -> StaticType.of(expression);
        };
    }

    private Type typeOf(ForTuple loop) {
        try {
            List<Evaluator> steps = new Loops(evaluator).included(loop);
            if (steps == null) {
                return new Type.Any();
            }
            List<Type> items = new ArrayList<>();
            for (Evaluator step : steps) {
                items.add(new Conditionals(step).typeOf(loop.result()));
            }
            return new Type.TupleOf(items);
        } catch (BuildException e) {
            return new Type.Any();
        }
    }

    /** A splat whose items fail is still a list or a tuple, as long as its source does not fail. */
    private Type typeOf(Splat splat) {
        Value source = evaluated(splat.source());
        return switch (source) {
            case null -> new Type.Any();
            case Value.Unknown _, Value.Null _ -> new Type.Any();
            case Value.Sequence(var kind, var items) ->
                kind == Value.Sequence.Kind.TUPLE
                        ? new Type.TupleOf(Collections.nCopies(items.size(), new Type.Any()))
                        : new Type.ListOf(new Type.Any());
            case Value.Text _, Value.Decimal _, Value.Bool _, Value.Mapping _ ->
                new Type.TupleOf(List.of(new Type.Any()));
        };
    }

    private @Nullable Value evaluated(Expression expression) {
        try {
            return evaluator.evaluate(expression);
        } catch (BuildException e) {
            return null;
        }
    }

    private static BuildException conflict(Conditional conditional, Type whenTrue, Type whenFalse) {
        String first = whenTrue.kindName();
        String second = whenFalse.kindName();
        return conditional
                .range()
                .problem(
                        "cannot choose between these",
                        first.equals(second)
                                ? "both results need the same type; they are %s and %s with contents of different types"
                                        .formatted(first, second)
                                : "both results need the same type; they are %s and %s".formatted(first, second),
                        null);
    }
}
