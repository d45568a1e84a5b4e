package dev.talosforge.config.hcl.syntax;

import dev.talosforge.config.hcl.syntax.Expression.BinaryOperator;
import dev.talosforge.config.hcl.syntax.Expression.UnaryOperator;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.problem.BuildException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads one expression: operators by precedence climbing, the rest by descent. */
final class ExpressionParser {
    /**
     * Limit of operators or accesses in a row: {@code a + a + a …} builds a tree that is as deep as the row is long.
     */
    private static final int MAX_ROW = 400;

    private static final int MAX_NUMBER_LENGTH = 1000;

    /** The characters that an operator begins with. */
    private static final String OPERATOR_SIGNS = "|&=!<>+-*/%";

    private final Cursor cursor;
    private final TemplateParser templates;
    private final CollectionParser collections;

    ExpressionParser(Cursor cursor) {
        this.cursor = cursor;
        this.templates = new TemplateParser(cursor, this);
        this.collections = new CollectionParser(cursor, this);
    }

    TemplateParser templates() {
        return templates;
    }

    CollectionParser collections() {
        return collections;
    }

    Expression expression() {
        cursor.enter();
        cursor.blank();
        int start = cursor.position();
        Expression condition = operation(1);
        Expression result = condition;
        if (cursor.accept("?")) {
            Expression whenTrue = expression();
            cursor.expect(":", "between the two results of a condition");
            Expression whenFalse = expression();
            result = new Expression.Conditional(condition, whenTrue, whenFalse, cursor.range(start));
        }
        cursor.leave();
        return result;
    }

    /** An expression in brackets of any kind, where the end of a line means nothing. */
    private Expression inside() {
        boolean before = cursor.linesMatter(false);
        Expression expression = expression();
        cursor.blank();
        cursor.linesMatter(before);
        return expression;
    }

    Expression operation(int level) {
        cursor.blank();
        int start = cursor.position();
        Expression left = term();
        int row = 0;
        while (true) {
            BinaryOperator operator = operator(level);
            if (operator == null) {
                return left;
            }
            bounded(++row, start);
            Expression right = operation(operator.level() + 1);
            left = new Expression.Binary(operator, left, right, cursor.range(start));
        }
    }

    private void bounded(int row, int start) {
        if (row > MAX_ROW) {
            throw cursor.broken(start, cursor.position(), "it has more than %d steps in a row".formatted(MAX_ROW));
        }
    }

    private @Nullable BinaryOperator operator(int level) {
        cursor.blank();
        if (OPERATOR_SIGNS.indexOf(cursor.peek()) < 0) {
            return null;
        }
        for (BinaryOperator operator : BinaryOperator.values()) {
            if (operator.level() >= level && cursor.startsWith(operator.sign())) {
                cursor.moveTo(cursor.position() + operator.sign().length());
                return operator;
            }
        }
        return null;
    }

    private Expression term() {
        cursor.blank();
        int start = cursor.position();
        for (UnaryOperator operator : UnaryOperator.values()) {
            if (cursor.startsWith(operator.sign())) {
                cursor.next();
                cursor.enter();
                Expression operand = term();
                cursor.leave();
                return new Expression.Unary(operator, operand, cursor.range(start));
            }
        }
        return accesses(primary(), start);
    }

    private Expression primary() {
        int start = cursor.position();
        char c = cursor.peek();
        if (c == '(') {
            cursor.next();
            Expression inner = inside();
            closing(")", start);
            return new Expression.Parentheses(inner, cursor.range(start));
        }
        if (c == '[') {
            return collections.brackets();
        }
        if (c == '{') {
            return collections.braces();
        }
        if (c == '"') {
            return templates.quoted();
        }
        if (cursor.startsWith("<<")) {
            return templates.heredoc();
        }
        if (c >= '0' && c <= '9') {
            return number();
        }
        String name = cursor.identifier();
        if (name == null) {
            throw cursor.unexpected("expected an expression");
        }
        return named(name, start);
    }

    private Expression named(String first, int start) {
        String name = first;
        while (cursor.startsWith("::")) {
            cursor.moveTo(cursor.position() + 2);
            String part = cursor.identifier();
            if (part == null) {
                throw cursor.unexpected("expected a function's name");
            }
            name = name + "::" + part;
        }
        Range range = cursor.range(start);
        int afterName = cursor.position();
        cursor.blank();
        if (cursor.peek() == '(') {
            return call(name, range, start);
        }
        if (name.contains("::")) {
            throw cursor.unexpected("expected \"(\" after a function's name");
        }
        cursor.moveTo(afterName);
        return switch (name) {
            case "true" -> new Expression.Literal(Value.of(true), range);
            case "false" -> new Expression.Literal(Value.of(false), range);
            case "null" -> new Expression.Literal(Value.ofNull(), range);
            default -> new Expression.Variable(name, range);
        };
    }

    private Expression call(String name, Range nameRange, int start) {
        int open = cursor.position();
        cursor.next();
        boolean before = cursor.linesMatter(false);
        List<Expression> arguments = new ArrayList<>();
        boolean expandLast = false;
        while (!cursor.accept(")")) {
            arguments.add(expression());
            if (cursor.accept("...")) {
                expandLast = true;
                closing(")", open);
                break;
            }
            if (!cursor.accept(",")) {
                closing(")", open);
                break;
            }
        }
        cursor.linesMatter(before);
        return new Expression.Call(name, arguments, expandLast, nameRange, cursor.range(start));
    }

    /**
     * A number is one word, however many dots and exponents it contains: {@code list.0.1} reads an item 0.1, and
     * {@code 1.5.id} is not a number.
     */
    private Expression number() {
        int start = cursor.position();
        int end = start;
        while (digit(cursor.peek()) || cursor.peek() == '.' || exponent()) {
            char c = cursor.next();
            if (c == 'e' || c == 'E') {
                cursor.next(); // A digit, or a sign followed by a digit.
            }
            end = c == '.' ? end : cursor.position();
        }
        cursor.moveTo(end); // A dot belongs to it only if a digit follows.
        String word = cursor.identifier();
        if (word != null && !word.equals("if")) { // [for v in list : 1if v] is not pretty, but right.
            throw cursor.broken(start, cursor.position(), "a name does not begin with a digit");
        }
        cursor.moveTo(end);
        String digits = cursor.since(start);
        if (digits.length() > MAX_NUMBER_LENGTH) {
            throw cursor.broken(start, end, "the number has more than %d characters".formatted(MAX_NUMBER_LENGTH));
        }
        try {
            return new Expression.Literal(Value.of(new BigDecimal(digits)), cursor.range(start));
        } catch (NumberFormatException e) {
            throw cursor.broken(start, end, "this is not a number");
        } catch (ArithmeticException e) {
            throw cursor.broken(start, end, "the number is out of range");
        }
    }

    /** Whether an "e" is here that continues a number. */
    private boolean exponent() {
        char sign = cursor.peek(1);
        return (cursor.peek() == 'e' || cursor.peek() == 'E')
                && (digit(sign) || ((sign == '+' || sign == '-') && digit(cursor.peek(2))));
    }

    private static boolean digit(char c) {
        return c >= '0' && c <= '9';
    }

    private Expression accesses(Expression first, int start) {
        Expression source = first;
        for (int row = 0; ; row++) {
            bounded(row, start);
            int before = cursor.position();
            cursor.blank();
            if (cursor.peek() == '.' && cursor.peek(1) != '.') {
                cursor.next();
                source = cursor.accept("*") ? splat(source, start, false) : dotted(source, start);
            } else if (cursor.peek() == '[') {
                source = indexed(source, start);
            } else {
                cursor.moveTo(before);
                return source;
            }
        }
    }

    private Expression dotted(Expression source, int start) {
        cursor.blank();
        if (digit(cursor.peek())) {
            Expression key = number();
            if (key.range().text().indexOf('.') >= 0) {
                throw key.range()
                        .problem(
                                "cannot parse " + cursor.source().file().getFileName(),
                                "two positions in a row would be a number with a point",
                                "write: [" + key.range().text().replace(".", "][") + "]");
            }
            return new Expression.Index(source, key, cursor.range(start));
        }
        String name = cursor.identifier();
        if (name == null) {
            throw cursor.unexpected("expected an attribute's name after \".\"");
        }
        return new Expression.Attribute(source, name, cursor.range(start));
    }

    private Expression indexed(Expression source, int start) {
        int open = cursor.position();
        cursor.next();
        if (cursor.accept("*")) { // Without line ends around it, unlike any other key.
            closing("]", open);
            return splat(source, start, true);
        }
        boolean before = cursor.linesMatter(false);
        Expression key = expression();
        closing("]", open);
        cursor.linesMatter(before);
        return new Expression.Index(source, key, cursor.range(start));
    }

    /** What follows a splat applies to each item; after {@code .*} only attributes do. */
    private Expression splat(Expression source, int start, boolean withIndexes) {
        cursor.enter();
        int eachStart = cursor.position();
        Expression each = new Expression.Item(cursor.range(eachStart));
        for (int row = 0; ; row++) {
            bounded(row, start);
            int before = cursor.position();
            cursor.blank();
            if (cursor.peek() == '.' && cursor.peek(1) != '.') {
                cursor.next();
                if (withIndexes && cursor.accept("*")) {
                    each = splat(each, eachStart, false);
                } else {
                    each = dotted(each, eachStart);
                }
            } else if (withIndexes && cursor.peek() == '[') {
                each = indexed(each, eachStart);
            } else {
                cursor.moveTo(before);
                cursor.leave();
                return new Expression.Splat(source, each, cursor.range(start));
            }
        }
    }

    void closing(String bracket, int open) {
        if (!cursor.accept(bracket)) {
            throw unclosed("expected \"" + bracket + "\"", open);
        }
    }

    BuildException unclosed(String expected, int open) {
        int line = cursor.source().where(open, open + 1).line();
        return cursor.unexpected(expected + " (opened in line " + line + ")");
    }
}
