package dev.talosforge.config.hcl.syntax;

import dev.talosforge.problem.BuildException;

/**
 * Reads quoted strings, heredocs and template files. First it reads a flat list of pieces, to which strip marks and a
 * heredoc's indentation are applied, then the tree of directives. HCL native syntax, "Templates".
 */
final class TemplateParser {
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
        TemplatePieces pieces = new TemplatePieces(cursor, expressions);
        while (cursor.peek() != '"') {
            if (cursor.atEnd() || cursor.peek() == '\n') {
                throw cursor.broken(start, cursor.position(), "the text that begins here has no closing quote");
            }
            if (!pieces.sequence()) {
                if (cursor.peek() == '\\') {
                    escape(pieces.text());
                } else {
                    pieces.text().append(character());
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

    /** {@code <<MARK} or {@code <<-MARK} up to the end of the line that contains only the mark. */
    Expression.Template heredoc() {
        int start = cursor.position();
        cursor.moveTo(start + 2);
        boolean indented = cursor.peek() == '-';
        if (indented) {
            cursor.next();
        }
        String mark = cursor.identifier();
        if (mark == null) {
            throw cursor.unexpected("expected the heredoc's mark");
        }
        if (cursor.peek() == '\r') {
            cursor.next();
        }
        if (cursor.peek() != '\n') {
            throw cursor.unexpected("expected the end of the line after a heredoc's mark");
        }
        Range opening = cursor.range(start);
        cursor.next();
        TemplatePieces pieces = new TemplatePieces(cursor, expressions);
        int lineStart = cursor.position();
        while (!markEnds(mark)) {
            lineStart = cursor.position();
            while (true) {
                if (cursor.atEnd()) {
                    throw unclosed(opening, mark, lineStart);
                }
                if (!pieces.sequence()) {
                    char c = character();
                    pieces.text().append(c);
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

    /**
     * The next character. Windows' line ends are accepted, those of old Macs are not, because nobody would see them.
     */
    private char character() {
        char c = cursor.next();
        if (c == '\r' && cursor.peek() != '\n') {
            throw cursor.broken(
                    cursor.position() - 1, cursor.position(), "this carriage return has no line feed after it");
        }
        return c;
    }

    /** Like HashiCorp's parser, this one requires the end of a line after the closing mark. */
    private BuildException unclosed(Range opening, String mark, int lastLine) {
        boolean onlyLineEndMissing = Blanks.strip(cursor.since(lastLine)).equals(mark);
        return cursor.broken(
                opening.start(),
                opening.end(),
                onlyLineEndMissing
                        ? "the end of the line is missing after the closing \"" + mark + "\""
                        : "the heredoc has no line that is just \"" + mark + "\"");
    }

    /** Reads a line that contains only the closing mark and blanks, up to its end. */
    private boolean markEnds(String mark) {
        int start = cursor.position();
        blanksOfLine();
        if (cursor.startsWith(mark)) {
            cursor.moveTo(cursor.position() + mark.length());
            blanksOfLine();
            if (cursor.peek() == '\n') {
                return true;
            }
        }
        cursor.moveTo(start);
        return false;
    }

    private void blanksOfLine() {
        while (Blanks.isBlank(cursor.peek())
                && cursor.peek() != '\n'
                && (cursor.peek() != '\r' || cursor.peek(1) == '\n')) {
            cursor.next();
        }
    }

    Expression.Template wholeFile() {
        TemplatePieces pieces = new TemplatePieces(cursor, expressions);
        while (!cursor.atEnd()) {
            if (!pieces.sequence()) {
                char c = cursor.next();
                pieces.text().append(c);
                if (c == '\n') {
                    pieces.endText();
                }
            }
        }
        return new Expression.Template(pieces.tree(), cursor.range(0));
    }
}
