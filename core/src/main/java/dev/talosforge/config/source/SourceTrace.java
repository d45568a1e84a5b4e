package dev.talosforge.config.source;

import dev.talosforge.config.hcl.syntax.Body;
import dev.talosforge.config.hcl.syntax.Expression;
import dev.talosforge.config.hcl.syntax.Expression.ObjectItem;
import dev.talosforge.config.hcl.syntax.Expression.TemplatePart;
import dev.talosforge.config.hcl.syntax.HclParser;
import dev.talosforge.config.hcl.syntax.SourceText;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.problem.BuildException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The files of a tree as they are written, and the way from a name to where it is set: through {@code local.NAME},
 * members of objects, and {@code read_terragrunt_config} of a file whose name is a plain text. Anything else is not
 * followed: this finds places, never values.
 */
public final class SourceTrace {
    private static final int MAX_STEPS = 32;
    private static final int MAX_PARENTS = 100;
    private static final String LOCALS = "locals";

    private final Map<Path, SourceFile> files = new TreeMap<>();

    /** A file, parsed; an empty one if it can no longer be read. */
    public record SourceFile(Path path, Body body) {
        @Nullable
        Expression local(String name) {
            for (Body.Block block : body.blocks(LOCALS)) {
                Body.Attribute attribute = block.body().attribute(name);
                if (attribute != null) {
                    return attribute.value();
                }
            }
            return null;
        }
    }

    /** The target of a name. */
    private sealed interface Found {
        record Expr(Expression expression, SourceFile file) implements Found {}

        record Whole(SourceFile file) implements Found {}

        record Locals(SourceFile file) implements Found {}
    }

    public SourceFile file(Path path) {
        SourceFile known = files.get(path);
        if (known == null) {
            known = new SourceFile(path, parse(path));
            files.put(path, known);
        }
        return known;
    }

    private static Body parse(Path path) {
        try {
            if (Files.size(path) <= 4L * SourceText.MAX_LENGTH) {
                return HclParser.parse(SourceText.of(path, Files.readString(path)));
            }
        } catch (IOException | BuildException e) {
            // It was read a moment ago, or it is a file of another kind: there is no place in it, and only places are
            // needed here.
            return HclParser.parse(SourceText.of(path, ""));
        }
        return HclParser.parse(SourceText.of(path, ""));
    }

    /** The expressions that an expression stands for, as far as it can be followed; at least the expression itself. */
    Expression trace(Expression expression, SourceFile file) {
        return follow(expression, file, MAX_STEPS) instanceof Found.Expr(Expression found, var _) ? found : expression;
    }

    /**
     * A part of an expression, as far as the way to it is written out; at least the expression itself.
     *
     * @param way names of members and numbers of items
     * @param key whether to return the name of the last member instead of its value
     */
    public Expression part(Expression expression, SourceFile file, List<String> way, boolean key) {
        Expression at = expression;
        SourceFile in = file;
        for (int i = 0; i < way.size(); i++) {
            if (!(follow(at, in, MAX_STEPS) instanceof Found.Expr(Expression found, SourceFile of))) {
                return at;
            }
            Expression next = null;
            if (found instanceof Expression.ObjectConstructor(List<ObjectItem> items, var _)) {
                for (ObjectItem item : items) {
                    if (way.get(i).equals(plain(item.key()))) {
                        next = key && i == way.size() - 1 ? item.key() : item.value();
                    }
                }
            } else if (found instanceof Expression.Tuple(List<Expression> items, var _)) {
                int number = way.get(i).matches("[0-9]{1,6}") ? Integer.parseInt(way.get(i)) : items.size();
                next = number < items.size() ? items.get(number) : null;
            }
            if (next == null) {
                return found;
            }
            at = next;
            in = of;
        }
        return at;
    }

    private Found follow(Expression expression, SourceFile file, int steps) {
        Found self = new Found.Expr(expression, file);
        if (steps == 0) {
            return self;
        }
        return switch (expression) {
            case Expression.Parentheses(Expression inner, var _) -> follow(inner, file, steps - 1);
            case Expression.Attribute(Expression.Variable(String root, var _), String name, var _)
            when root.equals("local") -> {
                Expression local = file.local(name);
                yield local == null ? self : follow(local, file, steps - 1);
            }
            case Expression.Attribute(Expression source, String name, var _) ->
                member(follow(source, file, steps - 1), name, self, steps);
            case Expression.Call call
            when call.name().equals("read_terragrunt_config") -> {
                Path path = call.arguments().isEmpty()
                        ? null
                        : path(call.arguments().getFirst(), file.path());
                yield path == null ? self : new Found.Whole(file(path));
            }
            default -> self;
        };
    }

    private Found member(Found source, String name, Found otherwise, int steps) {
        return switch (source) {
            case Found.Whole(SourceFile file) -> name.equals(LOCALS) ? new Found.Locals(file) : otherwise;
            case Found.Locals(SourceFile file) -> {
                Expression local = file.local(name);
                yield local == null ? otherwise : follow(local, file, steps - 1);
            }
            case Found.Expr(Expression.ObjectConstructor(List<ObjectItem> items, var _), SourceFile file) -> {
                for (ObjectItem item : items) {
                    if (name.equals(plain(item.key()))) {
                        yield follow(item.value(), file, steps - 1);
                    }
                }
                yield otherwise;
            }
            case Found.Expr _ -> otherwise;
        };
    }

    /** A plain text, or null if something has to be evaluated. */
    public static @Nullable String plain(Expression expression) {
        return switch (expression) {
            case Expression.Template(List<TemplatePart> parts, var _) when parts.isEmpty() -> "";
            case Expression.Template(List<TemplatePart> parts, var _)
            when parts.size() == 1 && parts.getFirst() instanceof TemplatePart.Text(String text) -> text;
            case Expression.Literal(Value.Text(String text), var _) -> text;
            default -> null;
        };
    }

    private static @Nullable Path path(Expression argument, Path from) {
        Path folder = from.getParent();
        if (folder == null) {
            return null;
        }
        try {
            String text = plain(argument);
            if (text != null) {
                Path path = folder.resolve(text).normalize();
                return Files.isRegularFile(path) ? path : null;
            }
            if (argument instanceof Expression.Call call
                    && call.name().equals("find_in_parent_folders")
                    && !call.arguments().isEmpty()) {
                String wanted = plain(call.arguments().getFirst());
                return wanted == null ? null : above(folder, wanted);
            }
        } catch (InvalidPathException e) {
            return null;
        }
        return null;
    }

    private static @Nullable Path above(Path folder, String wanted) {
        Path parent = folder.getParent();
        for (int i = 0; i < MAX_PARENTS && parent != null; i++, parent = parent.getParent()) {
            Path candidate = parent.resolve(wanted).normalize();
            if (Files.isRegularFile(candidate)) {
                return candidate;
            }
        }
        return null;
    }
}
