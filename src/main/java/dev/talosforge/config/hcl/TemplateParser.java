package dev.talosforge.config.hcl;

import dev.talosforge.config.hcl.Expression.Iteration;
import dev.talosforge.config.hcl.Expression.TemplatePart;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads quoted strings, heredocs and template files. First a flat row of pieces, on which strip marks and a heredoc's
 * indentation act, then the tree of directives. HCL native syntax, "Templates".
 */
final class TemplateParser {
    /** A piece as it stands in the text; the last ones are the directives. */
    private sealed interface Piece {
        /** Text up to the end of its line at most: a strip mark never reaches into the next line. */
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

    TemplateParser(Cursor cursor, ExpressionParser expressions) {
        this.cursor = cursor;
        this.expressions = expressions;
    }

    /** From the opening to the closing quote. */
    Expression.Template quoted() {
        int start = cursor.position();
        cursor.next();
        Pieces pieces = new Pieces();
        while (cursor.peek() != '"') {
            if (cursor.atEnd() || cursor.peek() == '\n') {
                throw cursor.broken(start, cursor.position(), "the text that begins here has no closing quote");
            }
            if (!pieces.sequence()) {
                if (cursor.peek() == '\\') {
                    escape(pieces.text);
                } else {
                    pieces.text.append(cursor.next());
                }
            }
        }
        cursor.next();
        return new Expression.Template(pieces.tree(), cursor.range(start));
    }

    private void escape(StringBuilder text) {
        int start = cursor.position();
        cursor.next();
        char c = cursor.atEnd() ? '\n' : cursor.next();
        switch (c) {
            case 'n' -> text.append('\n');
            case 'r' -> text.append('\r');
            case 't' -> text.append('\t');
            case '"' -> text.append('"');
            case '\\' -> text.append('\\');
            case 'u' -> text.appendCodePoint(hex(start, 4));
            case 'U' -> text.appendCodePoint(hex(start, 8));
            default ->
                throw cursor.broken(
                        start,
                        start + 2,
                        "there is no such escape; known are \\n \\r \\t \\\" \\\\ \\uNNNN \\UNNNNNNNN");
        }
    }

    private int hex(int start, int digits) {
        long code = 0;
        for (int i = 0; i < digits; i++) {
            int digit = cursor.peek() < 128 ? Character.digit(cursor.peek(), 16) : -1;
            if (digit < 0) {
                throw cursor.broken(start, cursor.position() + 1, "%d hex digits were expected".formatted(digits));
            }
            code = code << 4 | digit;
            cursor.next();
        }
        if (code > Character.MAX_CODE_POINT || (code >= Character.MIN_SURROGATE && code <= Character.MAX_SURROGATE)) {
            throw cursor.broken(start, cursor.position(), "there is no such character in Unicode");
        }
        return (int) code;
    }

    /** {@code <<MARK} or {@code <<-MARK} up to the end of the line that holds nothing but the mark. */
    Expression.Template heredoc() {
        int start = cursor.position();
        cursor.moveTo(start + 2);
        boolean indented = cursor.peek() == '-';
        if (indented) {
            cursor.next();
        }
        String mark = cursor.identifier();
        if (mark == null) {
            throw cursor.unexpected("the heredoc's mark was expected");
        }
        if (cursor.peek() == '\r') {
            cursor.next();
        }
        if (cursor.peek() != '\n') {
            throw cursor.unexpected("the end of the line was expected behind a heredoc's mark");
        }
        Range opening = cursor.range(start);
        cursor.next();
        Pieces pieces = new Pieces();
        while (!markEnds(mark)) {
            while (true) {
                if (cursor.atEnd()) {
                    throw cursor.broken(
                            opening.start(), opening.end(), "the heredoc has no line that is just \"" + mark + "\"");
                }
                if (!pieces.sequence()) {
                    char c = cursor.next();
                    if (c == '\r' && cursor.peek() == '\n') {
                        continue;
                    }
                    pieces.text.append(c);
                    if (c == '\n') {
                        pieces.endText();
                        break;
                    }
                }
            }
        }
        if (indented) {
            pieces.removeIndentation();
        }
        return new Expression.Template(pieces.tree(), cursor.range(start));
    }

    /** Takes the closing mark, with the blanks before it, if it is all that stands on this line. */
    private boolean markEnds(String mark) {
        int start = cursor.position();
        while (cursor.peek() == ' ' || cursor.peek() == '\t') {
            cursor.next();
        }
        if (mark.equals(cursor.identifier())
                && (cursor.atEnd() || cursor.peek() == '\n' || (cursor.peek() == '\r' && cursor.peek(1) == '\n'))) {
            return true;
        }
        cursor.moveTo(start);
        return false;
    }

    Expression.Template wholeFile() {
        Pieces pieces = new Pieces();
        while (!cursor.atEnd()) {
            if (!pieces.sequence()) {
                char c = cursor.next();
                pieces.text.append(c);
                if (c == '\n') {
                    pieces.endText();
                }
            }
        }
        return new Expression.Template(pieces.tree(), cursor.range(0));
    }

    /** The pieces read so far. */
    private final class Pieces {
        private final List<Piece> pieces = new ArrayList<>();
        private final StringBuilder text = new StringBuilder();
        private boolean stripNext;
        private int next;

        void endText() {
            if (!text.isEmpty()) {
                pieces.add(new Piece.Text(stripNext ? text.toString().stripLeading() : text.toString()));
                text.setLength(0);
            }
            stripNext = false;
        }

        /** Reads <code>${…}</code>, <code>%{…}</code> or their escapes; false when none stands here. */
        boolean sequence() {
            if (cursor.startsWith("$${") || cursor.startsWith("%%{")) {
                text.append(cursor.next());
                cursor.next();
                text.append(cursor.next());
                return true;
            }
            if (!cursor.startsWith("${") && !cursor.startsWith("%{")) {
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
                throw cursor.unexpected("\"}\" was expected");
            }
            cursor.next();
            cursor.linesMatter(before);
            return true;
        }

        private void stripLast() {
            if (!pieces.isEmpty() && pieces.getLast() instanceof Piece.Text(String last)) {
                pieces.removeLast();
                pieces.add(new Piece.Text(last.stripTrailing()));
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
                    throw cursor.unexpected("one of if, else, endif, for and endfor was expected behind \"%{\"");
                }
            }
        }

        /** Takes from every line the blanks that all lines which hold anything begin with. */
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
                if (atLineStart && piece instanceof Piece.Text(String t) && !(t.isBlank() && t.endsWith("\n"))) {
                    pieces.set(i, new Piece.Text(t.substring(least)));
                }
            }
        }

        /** A line of blanks does not count; a line that begins with a sequence has none. */
        private static int indentation(Piece piece) {
            if (!(piece instanceof Piece.Text(String t))) {
                return 0;
            }
            return t.isBlank() && t.endsWith("\n")
                    ? Integer.MAX_VALUE
                    : t.length() - t.stripLeading().length();
        }

        List<TemplatePart> tree() {
            endText();
            List<TemplatePart> parts = parts(null);
            if (next < pieces.size()) {
                Range range = directiveRange(pieces.get(next));
                throw cursor.broken(range.start(), range.end(), "there is nothing open that this could belong to");
            }
            return parts;
        }

        /** Parts up to an else or an end, which is not taken. */
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
            close(
                    new Piece.If(condition, range),
                    next < pieces.size() && pieces.get(next) instanceof Piece.EndIf,
                    "endif");
            return new TemplatePart.If(condition, whenTrue, whenFalse);
        }

        private void close(Piece opening, boolean closed, String word) {
            if (!closed) {
                Range range = directiveRange(opening);
                throw cursor.broken(range.start(), range.end(), "its \"%{ " + word + " }\" was expected");
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
}
