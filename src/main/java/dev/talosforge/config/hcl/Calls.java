package dev.talosforge.config.hcl;

import dev.talosforge.config.hcl.Expression.Call;
import dev.talosforge.config.hcl.Expression.TemplatePart;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;

/** Function calls, among them {@code try} and {@code can}, which see problems instead of passing them on. */
final class Calls {
    private final Evaluator evaluator;

    Calls(Evaluator evaluator) {
        this.evaluator = evaluator;
    }

    Value call(Call call) {
        switch (call.name()) {
            case "try" -> {
                return firstWithoutProblem(call);
            }
            case "can" -> {
                return can(call);
            }
            default -> {}
        }
        Function function = evaluator.functions().find(call.name());
        if (function == null) {
            SortedSet<String> names = evaluator.functions().names();
            names.add("try");
            names.add("can");
            throw call.nameRange()
                    .problem(
                            "unknown function \"" + call.name() + "\"",
                            "there is no function of this name",
                            NearestName.suggestion(call.name(), names));
        }
        List<Value> values = values(call);
        checkCount(call, function, values.size());
        if (values.stream().anyMatch(Value.Unknown.class::isInstance)) {
            return Value.unknown();
        }
        return run(call, function, values);
    }

    private Value run(Call call, Function function, List<Value> values) {
        try {
            return function.code().call(new Arguments(values, evaluator, call.range()));
        } catch (FunctionFailure failure) {
            int argument = failure.argument();
            Range at = argument >= 0 && argument < call.arguments().size()
                    ? call.arguments().get(argument).range()
                    : call.range();
            throw at.problem(failure.kind(), "cannot call " + call.name(), failure.why(), failure.remedy());
        } catch (ArithmeticException e) {
            throw call.range().problem("cannot call " + call.name(), "the result is out of range", null);
        }
    }

    private List<Value> values(Call call) {
        List<Value> values = new ArrayList<>();
        for (Expression argument : call.arguments()) {
            values.add(evaluator.evaluate(argument));
        }
        if (call.expandLast()) {
            Value last = values.removeLast();
            switch (last) {
                case Value.Sequence(var _, List<Value> items) -> values.addAll(items);
                case Value.Unknown unknown -> values.add(unknown);
                case Value.Null _, Value.Text _, Value.Decimal _, Value.Bool _, Value.Mapping _ ->
                    throw call.arguments()
                            .getLast()
                            .range()
                            .problem(
                                    "cannot expand this with ...",
                                    "a list was expected, it is " + last.kindName(),
                                    null);
            }
        }
        return values;
    }

    private static void checkCount(Call call, Function function, int count) {
        if (count >= function.least() && count <= function.most()) {
            return;
        }
        String expected = function.least() == function.most()
                ? "%d".formatted(function.least())
                : function.most() == Function.ANY_NUMBER
                        ? "at least %d".formatted(function.least())
                        : "%d to %d".formatted(function.least(), function.most());
        throw call.range()
                .problem(
                        "cannot call " + call.name(),
                        "it takes %s arguments, %d are given".formatted(expected, count),
                        null);
    }

    private Value firstWithoutProblem(Call call) {
        if (call.arguments().isEmpty()) {
            throw call.range().problem("cannot call try", "it takes at least 1 arguments, 0 are given", null);
        }
        BuildException last = null;
        for (Expression argument : call.arguments()) {
            try {
                return evaluator.evaluate(argument);
            } catch (BuildException e) {
                if (!forgivable(e)) {
                    throw e;
                }
                last = e;
            }
        }
        throw last == null ? new IllegalStateException("no argument was tried") : last;
    }

    private Value can(Call call) {
        if (call.arguments().size() != 1) {
            throw call.range()
                    .problem(
                            "cannot call can",
                            "it takes 1 arguments, %d are given"
                                    .formatted(call.arguments().size()),
                            null);
        }
        try {
            Value value = evaluator.evaluate(call.arguments().getFirst());
            return value instanceof Value.Unknown ? value : Value.of(true);
        } catch (BuildException e) {
            if (!forgivable(e)) {
                throw e;
            }
            return Value.of(false);
        }
    }

    /** A value that is missing may be replaced; what this program or this run cannot do must not look as if it were. */
    private static boolean forgivable(BuildException e) {
        return e.problems().stream().allMatch(problem -> problem.kind() == Kind.INVALID_INPUT);
    }

    /** Whether evaluating it would do more than calculate, so that it must not be done only to learn a type. */
    boolean reachOutside(Expression expression) {
        return switch (expression) {
            case Call call -> {
                Function function = evaluator.functions().find(call.name());
                yield (function != null && function.outside())
                        || call.arguments().stream().anyMatch(this::reachOutside);
            }
            case Expression.Literal _, Expression.Variable _, Expression.Item _ -> false;
            case Expression.Template template -> template.parts().stream().anyMatch(this::reachOutside);
            case Expression.Attribute attribute -> reachOutside(attribute.source());
            case Expression.Index index -> reachOutside(index.source()) || reachOutside(index.key());
            case Expression.Splat splat -> reachOutside(splat.source());
            case Expression.Conditional c ->
                reachOutside(c.condition()) || reachOutside(c.whenTrue()) || reachOutside(c.whenFalse());
            case Expression.Binary binary -> reachOutside(binary.left()) || reachOutside(binary.right());
            case Expression.Unary unary -> reachOutside(unary.operand());
            case Expression.Parentheses parentheses -> reachOutside(parentheses.inner());
            case Expression.Tuple tuple -> tuple.items().stream().anyMatch(this::reachOutside);
            case Expression.ObjectConstructor object ->
                object.items().stream().anyMatch(i -> reachOutside(i.key()) || reachOutside(i.value()));
            case Expression.ForTuple loop -> reachOutside(loop.iteration().collection()) || reachOutside(loop.result());
            case Expression.ForObject loop ->
                reachOutside(loop.iteration().collection()) || reachOutside(loop.result());
        };
    }

    private boolean reachOutside(TemplatePart part) {
        return switch (part) {
            case TemplatePart.Text _ -> false;
            case TemplatePart.Interpolation(Expression expression) -> reachOutside(expression);
            case TemplatePart.If _, TemplatePart.For _ -> true;
        };
    }
}
