package dev.talosforge.config.hcl.syntax;

import dev.talosforge.config.hcl.syntax.Expression.Iteration;
import dev.talosforge.config.hcl.syntax.Expression.ObjectItem;
import dev.talosforge.config.hcl.syntax.Expression.TemplatePart;
import dev.talosforge.config.hcl.value.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Reads tuples, objects and for-expressions: the content of brackets or braces. */
final class CollectionParser {
    private final Cursor cursor;
    private final ExpressionParser expressions;

    CollectionParser(Cursor cursor, ExpressionParser expressions) {
        this.cursor = cursor;
        this.expressions = expressions;
    }

    Expression brackets() {
        return enclosed(this::tuple);
    }

    Expression braces() {
        return enclosed(this::object);
    }

    /**
     * Reads the content of two brackets, where the end of a line means nothing.
     *
     * @param content reads it and the closing bracket, given the position of the opening one
     */
    private Expression enclosed(IntFunction<Expression> content) {
        int start = cursor.position();
        cursor.next();
        boolean before = cursor.linesMatter(false);
        Expression result = content.apply(start);
        cursor.linesMatter(before);
        return result;
    }

    private Expression tuple(int start) {
        Iteration iteration = forExpression();
        if (iteration != null) {
            Expression each = expressions.expression();
            Expression condition = condition();
            expressions.closing("]", start);
            return new Expression.ForTuple(iteration, each, condition, cursor.range(start));
        }
        List<Expression> items = new ArrayList<>();
        while (!cursor.accept("]")) {
            items.add(expressions.expression());
            if (!cursor.accept(",")) {
                expressions.closing("]", start);
                break;
            }
        }
        return new Expression.Tuple(items, cursor.range(start));
    }

    private Expression object(int start) {
        Iteration iteration = forExpression();
        if (iteration != null) {
            Expression key = expressions.expression();
            cursor.expect("=>", "between key and value of a for-expression");
            Expression each = expressions.expression();
            boolean grouped = cursor.accept("...");
            Expression condition = condition();
            expressions.closing("}", start);
            return new Expression.ForObject(iteration, key, each, grouped, condition, cursor.range(start));
        }
        cursor.linesMatter(true);
        return new Expression.ObjectConstructor(members(start), cursor.range(start));
    }

    /** The collection of a for-expression and the colon after it; null if there is none here. */
    private @Nullable Iteration forExpression() {
        if (!forFollows()) {
            return null;
        }
        Iteration iteration = iteration();
        cursor.expect(":", "after the collection of a for-expression");
        return iteration;
    }

    private @Nullable Expression condition() {
        return cursor.acceptWord("if") ? expressions.expression() : null;
    }

    private List<ObjectItem> members(int open) {
        List<ObjectItem> members = new ArrayList<>();
        cursor.enter();
        while (true) {
            cursor.blankLines();
            if (cursor.accept("}")) {
                cursor.leave();
                return members;
            }
            if (cursor.atEnd()) {
                throw cursor.broken(open, open + 1, "this \"{\" is never closed");
            }
            Expression key = key();
            cursor.blank();
            if (!cursor.accept(":") && (cursor.startsWith("==") || !cursor.accept("="))) {
                throw cursor.unexpected("expected \"=\" or \":\" after a key");
            }
            members.add(new ObjectItem(key, expressions.expression()));
            cursor.blank();
            if (!cursor.accept(",") && cursor.peek() != '\n' && cursor.peek() != '}') {
                throw expressions.unclosed("expected a comma, the end of the line or \"}\" after a member", open);
            }
        }
    }

    /** A bare name is text, and so are {@code true}, {@code false} and {@code null}; anything else is an expression. */
    private Expression key() {
        Expression key = expressions.expression();
        return switch (key) {
            case Expression.Variable(String name, Range range) -> name(name, range);
            case Expression.Literal(Value.Bool(boolean bool), Range range) -> name(Boolean.toString(bool), range);
            case Expression.Literal(Value.Null _, Range range) -> name("null", range);
            default -> key;
        };
    }

    private static Expression name(String name, Range range) {
        return new Expression.Template(List.of(new TemplatePart.Text(name)), range);
    }

    /**
     * Whether the word "for" is here. As in HashiCorp's parser, it always begins a for-expression: a key of this name
     * has to be quoted.
     */
    private boolean forFollows() {
        cursor.blank();
        int start = cursor.position();
        boolean follows = cursor.acceptWord("for");
        cursor.moveTo(start);
        return follows;
    }

    /** {@code for k, v in collection}. */
    Iteration iteration() {
        cursor.blank();
        int start = cursor.position();
        cursor.acceptWord("for");
        cursor.blank();
        if (cursor.peek() == '=' || cursor.peek() == ':') {
            throw cursor.source()
                    .range(start, start + 3)
                    .problem(
                            "cannot parse " + cursor.source().file().getFileName(),
                            "\"for\" begins a for-expression here",
                            "as a key, write: \"for\"");
        }
        String first = variableName();
        String second = cursor.accept(",") ? variableName() : null;
        if (!cursor.acceptWord("in")) {
            throw cursor.unexpected("expected \"in\" after the variables of a for-expression");
        }
        Expression collection = expressions.expression();
        return second == null ? new Iteration(null, first, collection) : new Iteration(first, second, collection);
    }

    private String variableName() {
        cursor.blank();
        String name = cursor.identifier();
        if (name == null) {
            throw cursor.unexpected("expected a variable's name");
        }
        return name;
    }
}
