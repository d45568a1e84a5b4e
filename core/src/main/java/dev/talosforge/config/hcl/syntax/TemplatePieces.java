package dev.talosforge.config.hcl.syntax;

import dev.talosforge.config.hcl.syntax.Expression.Iteration;
import dev.talosforge.config.hcl.syntax.Expression.TemplatePart;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A template's pieces in the order in which they are read: strip marks and a heredoc's indentation are applied to them;
 * then the tree is built.
 */
final class TemplatePieces {
    /** A piece as it is written in the text; the last ones are the directives. */
    private sealed interface Piece {
        /** Text up to the end of its line at most: a strip mark never extends into the next line. */
        record Text(String text) implements Piece {}

        record Interpolation(Expression expression) implements Piece {}

        record If(Expression condition, Range range) implements Piece {}

        record Else(Range range) implements Piece {}

        record EndIf(Range range) implements Piece {}

        record For(Iteration iteration, Range range) implements Piece {}

        record EndFor(Range range) implements Piece {}
    }

    private final Cursor cursor;
    private final ExpressionParser expressions;
    private final List<Piece> pieces = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private boolean stripNext;
    private int next;

    TemplatePieces(Cursor cursor, ExpressionParser expressions) {
        this.cursor = cursor;
        this.expressions = expressions;
    }

    /** Where literal characters are added. */
    StringBuilder text() {
        return text;
    }

    void endText() {
        if (!text.isEmpty()) {
            pieces.add(new Piece.Text(stripNext ? Blanks.stripLeading(text.toString()) : text.toString()));
            text.setLength(0);
        }
        stripNext = false;
    }

    /** Reads <code>${…}</code>, <code>%{…}</code> or their escapes; false if none is here. */
    boolean sequence() {
        char sign = cursor.peek();
        if (sign != '$' && sign != '%') {
            return false;
        }
        if (cursor.startsWith("$${") || cursor.startsWith("%%{")) {
            text.append(cursor.next());
            cursor.next();
            text.append(cursor.next());
            return true;
        }
        if (cursor.peek(1) != '{') {
            return false;
        }
        int start = cursor.position();
        boolean directive = cursor.next() == '%';
        cursor.next();
        endText();
        if (cursor.peek() == '~') {
            cursor.next();
            stripLast();
        }
        boolean before = cursor.linesMatter(false);
        if (directive) {
            directive(start);
        } else {
            pieces.add(new Piece.Interpolation(expressions.expression()));
        }
        cursor.blank();
        stripNext = cursor.accept("~");
        if (cursor.peek() != '}') {
            throw cursor.unexpected("expected \"}\"");
        }
        cursor.next();
        cursor.linesMatter(before);
        return true;
    }

    private void stripLast() {
        if (!pieces.isEmpty() && pieces.getLast() instanceof Piece.Text(String last)) {
            pieces.removeLast();
            pieces.add(new Piece.Text(Blanks.stripTrailing(last)));
        }
    }

    private void directive(int start) {
        cursor.blank();
        int wordStart = cursor.position();
        String word = cursor.identifier();
        switch (word == null ? "" : word) {
            case "if" -> {
                Expression condition = expressions.expression();
                pieces.add(new Piece.If(condition, cursor.range(start)));
            }
            case "else" -> pieces.add(new Piece.Else(cursor.range(start)));
            case "endif" -> pieces.add(new Piece.EndIf(cursor.range(start)));
            case "for" -> {
                cursor.moveTo(wordStart);
                Iteration iteration = expressions.collections().iteration();
                pieces.add(new Piece.For(iteration, cursor.range(start)));
            }
            case "endfor" -> pieces.add(new Piece.EndFor(cursor.range(start)));
            default -> {
                cursor.moveTo(wordStart);
                throw cursor.unexpected("expected one of if, else, endif, for and endfor after \"%{\"");
            }
        }
    }

    /** Removes from every line the leading blanks that all lines with content share. */
    void removeIndentation() {
        int least = Integer.MAX_VALUE;
        boolean lineStart = true;
        for (Piece piece : pieces) {
            if (lineStart) {
                least = Math.min(least, indentation(piece));
            }
            lineStart = piece instanceof Piece.Text(String t) && t.endsWith("\n");
        }
        lineStart = true;
        for (int i = 0; i < pieces.size(); i++) {
            boolean atLineStart = lineStart;
            Piece piece = pieces.get(i);
            lineStart = piece instanceof Piece.Text(String t) && t.endsWith("\n");
            if (atLineStart && piece instanceof Piece.Text(String t) && !(Blanks.only(t) && t.endsWith("\n"))) {
                pieces.set(i, new Piece.Text(t.substring(least)));
            }
        }
    }

    /** A blank line does not count; a line that begins with a sequence has none. */
    private static int indentation(Piece piece) {
        if (!(piece instanceof Piece.Text(String t))) {
            return 0;
        }
        return Blanks.only(t) && t.endsWith("\n")
                ? Integer.MAX_VALUE
                : t.length() - Blanks.stripLeading(t).length();
    }

    List<TemplatePart> tree() {
        endText();
        List<TemplatePart> parts = parts(null);
        if (next < pieces.size()) {
            Range range = directiveRange(pieces.get(next));
            throw cursor.broken(range.start(), range.end(), "there is no open directive that this could belong to");
        }
        if (pieces.size() > 1 && parts.size() == 1 && parts.getFirst() instanceof TemplatePart.Interpolation) {
            parts.add(new TemplatePart.Text("")); // The text that a strip mark removed still makes the template a text.
        }
        return parts;
    }

    /** Parts up to an else or an end, which is not consumed. */
    private List<TemplatePart> parts(@Nullable Range opening) {
        List<TemplatePart> parts = new ArrayList<>();
        cursor.enter();
        StringBuilder joined = new StringBuilder();
        while (next < pieces.size()) {
            Piece piece = pieces.get(next);
            if (piece instanceof Piece.Text(String t)) {
                next++;
                joined.append(t);
                continue;
            }
            flush(joined, parts);
            switch (piece) {
                case Piece.Interpolation(Expression expression) -> {
                    next++;
                    parts.add(new TemplatePart.Interpolation(expression));
                }
                case Piece.If(Expression condition, Range range) -> {
                    next++;
                    parts.add(condition(condition, range));
                }
                case Piece.For(Iteration iteration, Range range) -> {
                    next++;
                    List<TemplatePart> body = parts(range);
                    close(piece, next < pieces.size() && pieces.get(next) instanceof Piece.EndFor, "endfor");
                    parts.add(new TemplatePart.For(iteration, body));
                }
                case Piece.Else _, Piece.EndIf _, Piece.EndFor _ -> {
                    cursor.leave();
                    return parts;
                }
                case Piece.Text _ -> throw new IllegalStateException("taken above");
            }
        }
        flush(joined, parts);
        cursor.leave();
        if (opening != null) {
            throw cursor.broken(opening.start(), opening.end(), "it is never closed");
        }
        return parts;
    }

    private static void flush(StringBuilder joined, List<TemplatePart> parts) {
        if (!joined.isEmpty()) {
            parts.add(new TemplatePart.Text(joined.toString()));
            joined.setLength(0);
        }
    }

    private TemplatePart condition(Expression condition, Range range) {
        List<TemplatePart> whenTrue = parts(range);
        List<TemplatePart> whenFalse = List.of();
        if (next < pieces.size() && pieces.get(next) instanceof Piece.Else) {
            next++;
            whenFalse = parts(range);
        }
        close(new Piece.If(condition, range), next < pieces.size() && pieces.get(next) instanceof Piece.EndIf, "endif");
        return new TemplatePart.If(condition, whenTrue, whenFalse);
    }

    private void close(Piece opening, boolean closed, String word) {
        if (!closed) {
            Range range = directiveRange(opening);
            throw cursor.broken(range.start(), range.end(), "expected its \"%{ " + word + " }\"");
        }
        next++;
    }

    private static Range directiveRange(Piece piece) {
        return switch (piece) {
            case Piece.If(var _, Range range) -> range;
            case Piece.Else(Range range) -> range;
            case Piece.EndIf(Range range) -> range;
            case Piece.For(var _, Range range) -> range;
            case Piece.EndFor(Range range) -> range;
            case Piece.Text _, Piece.Interpolation _ -> throw new IllegalStateException("not a directive");
        };
    }
}
