package dev.talosforge.config.hcl.functions;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/**
 * A pattern for paths: {@code *} and {@code ?} within a name, {@code **} for any number of folders, including none,
 * {@code [a-z]}, {@code [^a-z]} and {@code {a,b}}, with a backslash in front of literal characters.
 */
final class GlobPattern {
    private final String pattern;
    private final StringBuilder regex = new StringBuilder();
    private int at;
    private int braces;

    private GlobPattern(String pattern) {
        this.pattern = pattern;
    }

    /** Throws an {@link IllegalArgumentException} with a text for the user if it is not a pattern. */
    static Pattern compile(String pattern) {
        GlobPattern glob = new GlobPattern(pattern);
        while (glob.at < pattern.length()) {
            glob.next();
        }
        if (glob.braces > 0) {
            throw new IllegalArgumentException("a { is not closed");
        }
        String why = RegexSize.objection(glob.regex.toString());
        if (why != null) {
            throw new IllegalArgumentException("the pattern is too long");
        }
        try {
            return Pattern.compile(glob.regex.toString(), Pattern.DOTALL);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("it is not a pattern: " + e.getDescription(), e);
        }
    }

    private void next() {
        char c = pattern.charAt(at++);
        switch (c) {
            case '*' -> star();
            case '?' -> regex.append("[^/]");
            case '[' -> characters();
            case '{' -> {
                braces++;
                regex.append("(?:");
            }
            case '}' -> {
                regex.append(braces > 0 ? ")" : "\\}");
                braces = Math.max(0, braces - 1);
            }
            case ',' -> regex.append(braces > 0 ? "|" : ",");
            case '\\' -> {
                if (at == pattern.length()) {
                    throw new IllegalArgumentException("it ends with a backslash");
                }
                int escaped = pattern.codePointAt(at);
                literal(escaped);
                at += Character.charCount(escaped);
            }
            default -> {
                int codePoint = pattern.codePointAt(at - 1);
                literal(codePoint);
                at += Character.charCount(codePoint) - 1;
            }
        }
    }

    private void literal(int codePoint) {
        regex.append(Pattern.quote(Character.toString(codePoint)));
    }

    /** Two stars stand for folders only if nothing else is between two slashes. */
    private void star() {
        boolean folders = pattern.startsWith("*", at)
                && (at == 1 || pattern.charAt(at - 2) == '/')
                && (at + 1 == pattern.length() || pattern.charAt(at + 1) == '/');
        if (!folders) {
            regex.append("[^/]*");
        } else if (at + 1 == pattern.length()) {
            at++;
            regex.append(".*");
        } else {
            at += 2;
            regex.append("(?:.*/)?");
        }
    }

    private void characters() {
        int end = at;
        while (end < pattern.length() && (pattern.charAt(end) != ']' || end == at)) {
            end += pattern.charAt(end) == '\\' ? 2 : 1;
        }
        if (end >= pattern.length()) {
            throw new IllegalArgumentException("a [ is not closed");
        }
        String inner = pattern.substring(at, end);
        boolean negated = inner.startsWith("^");
        String members = (negated ? inner.substring(1) : inner).replace("[", "\\[");
        regex.append(negated ? "[^/" : "[").append(members).append(']');
        at = end + 1;
    }
}
