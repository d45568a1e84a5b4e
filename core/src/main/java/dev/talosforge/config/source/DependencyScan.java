package dev.talosforge.config.source;

import dev.talosforge.config.hcl.syntax.Expression;
import dev.talosforge.config.hcl.syntax.Expression.Iteration;
import dev.talosforge.config.hcl.syntax.Expression.ObjectItem;
import dev.talosforge.config.hcl.syntax.Expression.TemplatePart;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which dependencies an expression reads, itself or through the locals of its file. */
final class DependencyScan {
    /** Stands for any dependency, if its name cannot be determined. */
    static final String ANY = "*";

    private final SourceTrace.SourceFile file;
    private final Set<String> locals = new HashSet<>();
    private final Set<String> names = new HashSet<>();

    private DependencyScan(SourceTrace.SourceFile file) {
        this.file = file;
    }

    /** Names of the dependencies, or {@link #ANY}. */
    static Set<String> dependencies(Expression expression, SourceTrace.SourceFile file) {
        DependencyScan scan = new DependencyScan(file);
        scan.look(expression);
        return Set.copyOf(scan.names);
    }

    private void look(Expression expression) {
        switch (expression) {
            case Expression.Attribute(Expression.Variable(String root, var _), String name, var _)
            when root.equals("dependency") -> names.add(name);
            case Expression.Attribute(Expression.Variable(String root, var _), String name, var _)
            when root.equals("local") -> local(name);
            case Expression.Variable(String name, var _) when name.equals("dependency") -> names.add(ANY);
            default -> parts(expression).forEach(this::look);
        }
    }

    private void local(String name) {
        Expression local = file.local(name);
        if (local != null && locals.add(name)) {
            look(local);
        }
    }

    private static List<Expression> parts(Expression expression) {
        return switch (expression) {
            case Expression.Literal _, Expression.Variable _, Expression.Item _ -> List.of();
            case Expression.Template(List<TemplatePart> parts, var _) -> texts(parts);
            case Expression.Attribute(Expression source, var _, var _) -> List.of(source);
            case Expression.Index(Expression source, Expression key, var _) -> List.of(source, key);
            case Expression.Splat(Expression source, Expression each, var _) -> List.of(source, each);
            case Expression.Call call -> call.arguments();
            case Expression.Conditional(Expression condition, Expression yes, Expression no, var _) ->
                List.of(condition, yes, no);
            case Expression.Binary(var _, Expression left, Expression right, var _) -> List.of(left, right);
            case Expression.Unary(var _, Expression operand, var _) -> List.of(operand);
            case Expression.Parentheses(Expression inner, var _) -> List.of(inner);
            case Expression.Tuple(List<Expression> items, var _) -> items;
            case Expression.ObjectConstructor(List<ObjectItem> items, var _) -> members(items);
            case Expression.ForTuple each -> {
                List<Expression> parts =
                        new ArrayList<>(List.of(each.iteration().collection(), each.result()));
                if (each.condition() != null) {
                    parts.add(each.condition());
                }
                yield parts;
            }
            case Expression.ForObject each -> {
                List<Expression> parts =
                        new ArrayList<>(List.of(each.iteration().collection(), each.key(), each.result()));
                if (each.condition() != null) {
                    parts.add(each.condition());
                }
                yield parts;
            }
        };
    }

    private static List<Expression> members(List<ObjectItem> items) {
        List<Expression> parts = new ArrayList<>();
        for (ObjectItem item : items) {
            parts.add(item.key());
            parts.add(item.value());
        }
        return parts;
    }

    private static List<Expression> texts(List<TemplatePart> template) {
        List<Expression> parts = new ArrayList<>();
        for (TemplatePart part : template) {
            switch (part) {
                case TemplatePart.Text _ -> {}
                case TemplatePart.Interpolation(Expression expression) -> parts.add(expression);
                case TemplatePart.If(Expression condition, List<TemplatePart> yes, List<TemplatePart> no) -> {
                    parts.add(condition);
                    parts.addAll(texts(yes));
                    parts.addAll(texts(no));
                }
                case TemplatePart.For(Iteration iteration, List<TemplatePart> body) -> {
                    parts.add(iteration.collection());
                    parts.addAll(texts(body));
                }
            }
        }
        return parts;
    }
}
