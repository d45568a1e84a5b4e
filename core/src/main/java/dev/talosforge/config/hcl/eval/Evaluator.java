package dev.talosforge.config.hcl.eval;

import dev.talosforge.config.hcl.syntax.Expression;
import dev.talosforge.config.hcl.syntax.Expression.Attribute;
import dev.talosforge.config.hcl.syntax.Expression.Binary;
import dev.talosforge.config.hcl.syntax.Expression.Call;
import dev.talosforge.config.hcl.syntax.Expression.Conditional;
import dev.talosforge.config.hcl.syntax.Expression.Index;
import dev.talosforge.config.hcl.syntax.Expression.Item;
import dev.talosforge.config.hcl.syntax.Expression.Literal;
import dev.talosforge.config.hcl.syntax.Expression.ObjectConstructor;
import dev.talosforge.config.hcl.syntax.Expression.ObjectItem;
import dev.talosforge.config.hcl.syntax.Expression.Parentheses;
import dev.talosforge.config.hcl.syntax.Expression.Splat;
import dev.talosforge.config.hcl.syntax.Expression.Template;
import dev.talosforge.config.hcl.syntax.Expression.Tuple;
import dev.talosforge.config.hcl.syntax.Expression.Unary;
import dev.talosforge.config.hcl.syntax.Expression.Variable;
import dev.talosforge.config.hcl.syntax.Range;
import dev.talosforge.config.hcl.value.FunctionFailure;
import dev.talosforge.config.hcl.value.Type;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.hcl.value.Value.Sequence.Kind;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.NearestName;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Evaluates expressions, with the names and functions that it was created with. Not thread-safe. */
public final class Evaluator {
    private final Scope scope;
    private final FunctionTable functions;
    private final Budget budget;
    private final @Nullable Value item;

    public Evaluator(Scope scope, FunctionTable functions, Budget budget) {
        this(scope, functions, budget, null);
    }

    private Evaluator(Scope scope, FunctionTable functions, Budget budget, @Nullable Value item) {
        this.scope = scope;
        this.functions = functions;
        this.budget = budget;
        this.item = item;
    }

    public Evaluator with(String name, Value value) {
        return new Evaluator(scope.with(name, value), functions, budget, item);
    }

    /** An evaluator with the same functions and limits and other names. */
    public Evaluator in(Scope other) {
        return new Evaluator(other, functions, budget, item);
    }

    public FunctionTable functions() {
        return functions;
    }

    public Budget budget() {
        return budget;
    }

    /** The value; problems are thrown as {@link BuildException} and point at the part that is wrong. */
    public Value evaluate(Expression expression) {
        budget.enter(expression.range());
        try {
            return budget.bounded(value(expression), expression.range());
        } catch (FunctionFailure failure) {
            throw expression.range().failure(failure.kind(), "cannot evaluate this", failure.why(), failure.remedy());
        } finally {
            budget.leave();
        }
    }

    private Value value(Expression expression) {
        return switch (expression) {
            case Literal literal -> literal.value();
            case Template template -> new TemplateText(this, template.range()).evaluate(template.parts());
            case Variable variable -> variable(variable);
            case Attribute attribute -> attribute(attribute);
            case Index index -> index(index);
            case Splat splat -> splat(splat);
            case Item placeholder -> {
                if (item == null) {
                    throw placeholder.range().problem("cannot evaluate this", "there is no item here", null);
                }
                yield item;
            }
            case Call call -> new Calls(this).call(call);
            case Conditional conditional -> new Conditionals(this).value(conditional);
            case Binary binary -> Operators.binary(binary, this);
            case Unary unary -> Operators.unary(unary, this);
            case Parentheses(Expression inner, var _) -> evaluate(inner);
            case Tuple(List<Expression> items, var _) ->
                Value.tuple(items.stream().map(this::evaluate).toList());
            case ObjectConstructor object -> object(object);
            case Expression.ForTuple loop -> new Loops(this).tuple(loop);
            case Expression.ForObject loop -> new Loops(this).object(loop);
        };
    }

    private Value variable(Variable variable) {
        Value value = scope.value(variable.name(), variable.range());
        if (value == null) {
            var names = scope.names();
            throw variable.range()
                    .problem(
                            "unknown name \"" + variable.name() + "\"",
                            names.isEmpty() ? "no names are known here" : "known here: " + String.join(", ", names),
                            NearestName.suggestion(variable.name(), names));
        }
        return value;
    }

    private Value attribute(Attribute attribute) {
        LazyObject lazy = lazy(attribute.source());
        if (lazy != null) {
            LazyObject nested = lazy.nested(attribute.name(), attribute.range());
            return nested != null ? nested.whole(attribute.range()) : lazy.member(attribute.name(), attribute.range());
        }
        return member(evaluate(attribute.source()), attribute.name(), attribute.range());
    }

    private @Nullable LazyObject lazy(Expression source) {
        return switch (source) {
            case Variable(String name, Range _) -> scope.lazy(name);
            case Attribute(Expression outer, String name, Range range) -> {
                LazyObject lazy = lazy(outer);
                yield lazy == null ? null : lazy.nested(name, range);
            }
            default -> null;
        };
    }

    private static Value member(Value source, String name, Range at) {
        return switch (source) {
            case Value.Unknown unknown -> unknown;
            case Value.Mapping(boolean map, SortedMap<String, Value> members) -> {
                Value member = members.get(name);
                if (member == null) {
                    throw at.problem(
                            "unknown " + (map ? "key" : "attribute") + " \"" + name + "\"",
                            members.isEmpty()
                                    ? "the object is empty"
                                    : "it has " + shortened(String.join(", ", members.keySet())),
                            NearestName.suggestion(name, members.keySet()));
                }
                yield member;
            }
            case Value.Null _, Value.Text _, Value.Decimal _, Value.Bool _, Value.Sequence _ ->
                throw at.problem(
                        "cannot read attribute \"" + name + "\"",
                        "expected an object, found " + source.kindName(),
                        null);
        };
    }

    private static String shortened(String names) {
        return names.length() <= 300 ? names : names.substring(0, 300) + " …";
    }

    private Value index(Index index) {
        Value key = evaluate(index.key());
        if (index.source() instanceof Variable(String name, Range _) && key instanceof Value.Text(String member)) {
            LazyObject lazy = scope.lazy(name);
            if (lazy != null) {
                return lazy.member(member, index.range());
            }
        }
        return at(evaluate(index.source()), key, index);
    }

    private static Value at(Value source, Value key, Index index) {
        if (source instanceof Value.Unknown || key instanceof Value.Unknown) {
            return Value.unknown();
        }
        if (source instanceof Value.Mapping) {
            if (Type.Simple.TEXT.convert(key) instanceof Value.Text(String name)) {
                return member(source, name, index.range());
            }
            throw index.key().range().problem("cannot use this as a key", "it is " + key.kindName(), null);
        }
        if (!(source instanceof Value.Sequence(Kind kind, List<Value> items)) || kind == Kind.SET) {
            throw index.range()
                    .problem("cannot read an item", "expected a list or a map, found " + source.kindName(), null);
        }
        if (Type.Simple.NUMBER.convert(key) instanceof Value.Decimal(BigDecimal position)) {
            if (position.signum() >= 0
                    && position.compareTo(BigDecimal.valueOf(items.size())) < 0
                    && position.stripTrailingZeros().scale() <= 0) {
                return items.get(position.intValue());
            }
            throw index.key()
                    .range()
                    .problem(
                            "there is no item " + position.toPlainString(),
                            items.isEmpty() ? "the list is empty" : "the list has items 0 to " + (items.size() - 1),
                            null);
        }
        throw index.key().range().problem("cannot use this as a position", "it is " + key.kindName(), null);
    }

    /** The items of a splat: none for null, the items of a list, and any other value as the only item. */
    private Value splat(Splat splat) {
        Value source = evaluate(splat.source());
        return switch (source) {
            case Value.Unknown unknown -> unknown;
            case Value.Null _ -> Value.tuple(List.of());
            case Value.Sequence(Kind kind, List<Value> items) -> {
                List<Value> taken = each(splat, items);
                yield kind == Kind.TUPLE ? Value.tuple(taken) : Value.list(taken);
            }
            case Value.Text _, Value.Decimal _, Value.Bool _, Value.Mapping _ ->
                Value.tuple(each(splat, List.of(source)));
        };
    }

    private List<Value> each(Splat splat, List<Value> items) {
        List<Value> taken = new ArrayList<>();
        for (Value one : items) {
            taken.add(new Evaluator(scope, functions, budget, one).evaluate(splat.each()));
        }
        return taken;
    }

    private Value object(ObjectConstructor constructor) {
        SortedMap<String, Value> members = new TreeMap<>(Value.BY_CODE_POINT);
        boolean known = true;
        for (ObjectItem member : constructor.items()) {
            Value key = key(member.key());
            Value value = evaluate(member.value());
            if (key instanceof Value.Unknown) {
                known = false;
                continue;
            }
            if (!(Type.Simple.TEXT.convert(key) instanceof Value.Text(String name))) {
                throw member.key().range().problem("cannot use this as a key", "it is " + key.kindName(), null);
            }
            members.put(name, value);
        }
        return known ? Value.object(members) : Value.unknown();
    }

    /** {@code a.b = 1} might mean a name with a dot in it: HashiCorp's parser requires parentheses to be sure. */
    private Value key(Expression key) {
        if ((key instanceof Attribute || key instanceof Index) && isPath(key)) {
            throw key.range()
                    .problem(
                            "cannot use this as a key",
                            "a key that is an expression needs parentheses",
                            "write: (" + key.range().text() + ")");
        }
        return evaluate(key);
    }

    /** A variable with attributes and constant positions. */
    private static boolean isPath(Expression expression) {
        Expression root = expression;
        while (true) {
            switch (root) {
                case Attribute attribute -> root = attribute.source();
                case Index index
                when index.key() instanceof Literal || isPlainText(index.key()) -> root = index.source();
                default -> {
                    return root instanceof Variable;
                }
            }
        }
    }

    private static boolean isPlainText(Expression key) {
        return key instanceof Template template
                && template.parts().stream().allMatch(Expression.TemplatePart.Text.class::isInstance);
    }
}
