package dev.talosforge.config.terragrunt.file;

import dev.talosforge.config.hcl.syntax.Body;
import dev.talosforge.config.hcl.syntax.Expression;
import dev.talosforge.config.hcl.syntax.Expression.ObjectItem;
import dev.talosforge.config.hcl.syntax.Expression.TemplatePart;
import dev.talosforge.config.hcl.syntax.Range;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Where;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;

/** The {@code inputs} attribute: every member is evaluated separately, so that all problems are reported at once. */
public final class InputsAttribute {
    private final FileScope file;

    InputsAttribute(FileScope file) {
        this.file = file;
    }

    /** The file's own inputs; empty if they are not known at all. */
    SortedMap<String, Value> own() {
        Body.Attribute attribute = file.body().attribute("inputs");
        if (attribute == null) {
            return new TreeMap<>();
        }
        Value value = evaluate(attribute.value());
        return switch (value) {
            case Value.Mapping(var _, SortedMap<String, Value> members) -> members;
            case Value.Null _, Value.Unknown _ -> new TreeMap<>();
            case Value.Text _, Value.Decimal _, Value.Bool _, Value.Sequence _ ->
                throw attribute
                        .value()
                        .range()
                        .problem("cannot use this as inputs", "expected an object, found " + value.kindName(), null);
        };
    }

    /** Evaluates every member once, even if it runs a program. */
    private Value evaluate(Expression expression) {
        if (!(expression instanceof Expression.ObjectConstructor(List<ObjectItem> items, Range range))) {
            return file.evaluate(expression);
        }
        List<Problem> problems = new ArrayList<>();
        List<ObjectItem> evaluated = new ArrayList<>();
        for (ObjectItem item : items) {
            try {
                Value value = file.evaluate(item.value());
                evaluated.add(new ObjectItem(
                        item.key(), new Expression.Literal(value, item.value().range())));
            } catch (BuildException e) {
                problems.addAll(e.problems());
            }
        }
        if (!problems.isEmpty()) {
            throw new BuildException(problems, null);
        }
        return file.evaluate(new Expression.ObjectConstructor(evaluated, range));
    }

    /**
     * The place of each input, if its name is in the text; later ones win, as in {@code merge}.
     *
     * @param locals of the same file
     */
    public static void places(
            Expression expression, Map<String, Body.Attribute> locals, SequencedMap<String, Where.Source> places) {
        switch (expression) {
            case Expression.ObjectConstructor(List<ObjectItem> items, var _) -> {
                for (ObjectItem item : items) {
                    if (item.key() instanceof Expression.Template(List<TemplatePart> parts, var _)
                            && parts.size() == 1
                            && parts.getFirst() instanceof TemplatePart.Text(String name)) {
                        places.put(name, item.value().range().where());
                    }
                }
            }
            case Expression.Attribute(Expression.Variable(String root, var _), String name, var _)
            when root.equals("local") -> {
                Body.Attribute local = locals.get(name);
                if (local != null) {
                    Map<String, Body.Attribute> others = new LinkedHashMap<>(locals);
                    others.remove(name); // A local that refers to itself is reported elsewhere.
                    places(local.value(), others, places);
                }
            }
            case Expression.Call call -> call.arguments().forEach(argument -> places(argument, locals, places));
            case Expression.Parentheses parentheses -> places(parentheses.inner(), locals, places);
            case Expression.Conditional conditional -> {
                places(conditional.whenTrue(), locals, places);
                places(conditional.whenFalse(), locals, places);
            }
            default -> {}
        }
    }
}
