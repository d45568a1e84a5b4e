package dev.talosforge.config.hcl.eval;

import dev.talosforge.config.hcl.syntax.Expression;
import dev.talosforge.config.hcl.syntax.Expression.Call;
import dev.talosforge.config.hcl.syntax.Range;
import dev.talosforge.config.hcl.value.FunctionFailure;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.NearestName;
import dev.talosforge.problem.Problem.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SortedSet;

/** Function calls, including {@code try} and {@code can}, which catch problems instead of passing them on. */
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
            throw at.failure(failure.kind(), "cannot call " + call.name(), failure.why(), failure.remedy());
        } catch (ArithmeticException e) {
            throw call.range().problem("cannot call " + call.name(), "the result is out of range", null);
        }
    }

    private List<Value> values(Call call) {
        List<Value> values = new ArrayList<>();
        for (int i = 0; i < call.arguments().size(); i++) {
            Expression argument = call.arguments().get(i);
            if (call.expandLast() && i == call.arguments().size() - 1) {
                values.addAll(expanded(argument));
            } else {
                values.add(evaluator.evaluate(argument));
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
        List<Expression> arguments = unevaluated(call);
        if (arguments.isEmpty()) {
            throw call.range().problem("cannot call try", "it takes at least 1 arguments, 0 are given", null);
        }
        BuildException last = null;
        for (Expression argument : arguments) {
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
        List<Expression> arguments = unevaluated(call);
        if (arguments.size() != 1) {
            throw call.range()
                    .problem("cannot call can", "it takes 1 arguments, %d are given".formatted(arguments.size()), null);
        }
        try {
            Value value = evaluator.evaluate(arguments.getFirst());
            return value instanceof Value.Unknown ? value : Value.of(true);
        } catch (BuildException e) {
            if (!forgivable(e)) {
                throw e;
            }
            return Value.of(false);
        }
    }

    /** The arguments as written; only an expanded list is evaluated, because it determines how many there are. */
    private List<Expression> unevaluated(Call call) {
        if (!call.expandLast()) {
            return call.arguments();
        }
        Expression list = call.arguments().getLast();
        List<Expression> arguments =
                new ArrayList<>(call.arguments().subList(0, call.arguments().size() - 1));
        for (Value item : expanded(list)) {
            arguments.add(new Expression.Literal(item, list.range()));
        }
        return arguments;
    }

    private List<Value> expanded(Expression list) {
        Value value = evaluator.evaluate(list);
        return switch (value) {
            case Value.Sequence(var _, List<Value> items) -> items;
            case Value.Unknown unknown -> List.of(unknown);
            case Value.Null _, Value.Text _, Value.Decimal _, Value.Bool _, Value.Mapping _ ->
                throw list.range()
                        .problem("cannot expand this with ...", "expected a list, found " + value.kindName(), null);
        };
    }

    /**
     * A missing value may be replaced; something that this program or this run does not support must not look like one.
     */
    private static boolean forgivable(BuildException e) {
        return e.problems().stream().allMatch(problem -> problem.kind() == Kind.INVALID_INPUT);
    }

    /** Whether evaluating it would do more than calculate, so that it must not be evaluated just to find a type. */
    boolean reachOutside(Expression expression) {
        Deque<Expression> open = new ArrayDeque<>(List.of(expression)); // A tree may be deeper than the stack.
        while (!open.isEmpty()) {
            Expression next = open.removeLast();
            if (next instanceof Call call) {
                Function function = evaluator.functions().find(call.name());
                if (function != null && function.outside()) {
                    return true;
                }
            }
            next.forEachChild(open::add);
        }
        return false;
    }
}
