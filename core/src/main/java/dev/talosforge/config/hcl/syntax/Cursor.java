package dev.talosforge.config.hcl.syntax;

import dev.talosforge.problem.BuildException;
import org.jspecify.annotations.Nullable;

/**
 * A position in a text that moves forward. Blanks and comments are skipped on request; whether the end of a line is a
 * blank depends on what is being read: it is one inside parentheses and brackets.
 */
final class Cursor {
    /** How deep expressions, blocks and templates may be nested. */
    private static final int MAX_DEPTH = 150;

    private final SourceText source;
    private final String text;
    private int at;
    private boolean linesMatter = true;
    private int depth;

    Cursor(SourceText source) {
        this.source = source;
        this.text = source.text();
    }

    int position() {
        return at;
    }

    void moveTo(int position) {
        at = position;
    }

    boolean atEnd() {
        return at >= text.length();
    }

    /** The character here, or NUL after the end. */
    char peek() {
        return peek(0);
    }

    char peek(int ahead) {
        return at + ahead < text.length() ? text.charAt(at + ahead) : '\0';
    }

    boolean startsWith(String expected) {
        return text.startsWith(expected, at);
    }

    char next() {
        return text.charAt(at++);
    }

    /** Sets whether the end of a line matters, and returns the previous setting. */
    boolean linesMatter(boolean matter) {
        boolean before = linesMatter;
        linesMatter = matter;
        return before;
    }

    void enter() {
        if (++depth > MAX_DEPTH) {
            throw broken(at, at + 1, "it is nested more than %d levels deep".formatted(MAX_DEPTH));
        }
    }

    void leave() {
        depth--;
    }

    /** Skips blanks and comments, and ends of lines if they do not matter. */
    void blank() {
        while (!atEnd()) {
            char c = peek();
            if (c == ' ' || c == '\t' || (c == '\r' && peek(1) == '\n') || (c == '\n' && !linesMatter)) {
                at++;
            } else if (c == '#' || (c == '/' && peek(1) == '/')) {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
            } else if (c == '/' && peek(1) == '*') {
                int end = text.indexOf("*/", at + 2);
                if (end < 0) {
                    throw broken(at, at + 2, "the comment that begins here is not closed");
                }
                at = end + 2;
            } else {
                return;
            }
        }
    }

    /** Skips blanks, comments and ends of lines. */
    void blankLines() {
        boolean before = linesMatter(false);
        blank();
        linesMatter(before);
    }

    /** Skips blanks, then reads the sign if it is here. */
    boolean accept(String sign) {
        blank();
        if (startsWith(sign)) {
            at += sign.length();
            return true;
        }
        return false;
    }

    void expect(String sign, String where) {
        if (!accept(sign)) {
            throw unexpected("expected \"" + sign + "\" " + where);
        }
    }

    /** An identifier, which may contain dashes, or null. Does not skip blanks. */
    @Nullable
    String identifier() {
        int start = at;
        while (at < text.length()) {
            int c = text.codePointAt(at);
            boolean fits = at == start
                    ? Character.isUnicodeIdentifierStart(c) || c == '_'
                    : (Character.isUnicodeIdentifierPart(c) && !Character.isIdentifierIgnorable(c)) || c == '-';
            if (!fits) {
                break;
            }
            at += Character.charCount(c);
        }
        return at == start ? null : text.substring(start, at);
    }

    /** Reads a word if the whole word is here. */
    boolean acceptWord(String word) {
        blank();
        int start = at;
        if (word.equals(identifier())) {
            return true;
        }
        at = start;
        return false;
    }

    /** From {@code start} to here, without the blanks that were skipped last. */
    Range range(int start) {
        int end = at;
        while (end > start && Character.isWhitespace(text.charAt(end - 1))) {
            end--;
        }
        return source.range(start, end);
    }

    SourceText source() {
        return source;
    }

    /** The text from {@code start} to here. */
    String since(int start) {
        return text.substring(start, at);
    }

    BuildException unexpected(String expectation) {
        OddCharacter odd = atEnd() ? null : OddCharacter.of(text.codePointAt(at));
        return odd == null
                ? broken(at, tokenEnd(), expectation + ", found " + found())
                : broken(at, at + 1, expectation + ", found " + odd.name(), odd.remedy());
    }

    BuildException broken(int start, int end, String why) {
        return broken(start, end, why, null);
    }

    private BuildException broken(int start, int end, String why, @Nullable String remedy) {
        return source.range(start, Math.min(Math.max(end, start), text.length()))
                .problem("cannot parse " + source.file().getFileName(), why, remedy);
    }

    private int tokenEnd() {
        int before = at;
        identifier();
        int end = Math.max(at, before + 1);
        at = before;
        return end;
    }

    private String found() {
        if (atEnd()) {
            return "the end of the file";
        }
        if (peek() == '\n' || peek() == '\r') {
            return "the end of the line";
        }
        int end = Math.min(tokenEnd(), Math.min(at + 40, text.length()));
        if (Character.isHighSurrogate(peek()) && end == at + 1 && end < text.length()) {
            end++;
        }
        String token = text.substring(at, end);
        return token.equals("\"") ? "a quote" : "\"" + token + "\"";
    }
}
