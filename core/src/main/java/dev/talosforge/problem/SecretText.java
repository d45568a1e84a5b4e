package dev.talosforge.problem;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which characters of a configuration's text are the value of something whose name says that it is secret: such as
 * {@code password = "…"} in HCL, {@code "api_token": "…"} in JSON, {@code secret: |} in YAML, {@code DB_PASSWORD=…} in
 * a list of variables. Works on text that no parser accepts, because errors show such text. Hides too much rather
 * than too little: the only cost is a line of an error that helps less.
 *
 * <p>Names of things that only lead to a secret ({@code password_file}, {@code token_ttl}) are not hidden, nor are
 * references to something else: {@code local.password}, {@code get_env("PASSWORD")} stay, except for the texts in them.
 */
public final class SecretText {
    private static final Pattern REFERENCE =
            Pattern.compile("[A-Za-z_]\\w*\\s*(?:\\.\\s*[A-Za-z_]|\\(|\\[)|true\\b|false\\b|null\\b");
    private static final Pattern HEREDOC = Pattern.compile("<<[-~]?(\\w+)[^\\n]*\\n?");

    /** Most places are passed by their first character alone: whole trees are searched. */
    private static final Pattern WORD = Pattern.compile("(?i)(?=[acpst])"
            + "(?:passw(?:or)?d|passphrase|secret|token|credential|api[_-]?key|access[_-]?key|private[_-]?key)");

    /** Endings of names whose values are not secret themselves. */
    private static final Pattern HARMLESS = Pattern.compile(
            "(?:_|-)?(?:file|path|dir|name|names|id|ids|ttl|url|uri|type|count|length|version|ref|arn|provider|store)");

    private static final String HIDDEN = "…";

    /** The number of characters of a line to look back, so that a file of one long line takes no longer. */
    private static final int MAX_BACK = 1024;

    private final String text;
    private final BitSet hidden = new BitSet();

    private SecretText(String text) {
        this.text = text;
    }

    /** Reads the text once: a few microseconds if no name in it looks like a secret. */
    public static SecretText of(String text) {
        SecretText secrets = new SecretText(text);
        Matcher word = WORD.matcher(text);
        int from = 0;
        while (from <= text.length() && word.find(from)) {
            from = Math.max(word.end(), secrets.named(word.start(), word.end()));
        }
        return secrets;
    }

    /**
     * A line, or another part, as it may be shown: the secret in it and everything after that become one sign.
     *
     * @param start offset of the first character
     * @param end offset after the last one
     */
    public String shown(int start, int end) {
        int first = hidden.nextSetBit(start);
        return first < 0 || first >= end ? text.substring(start, end) : text.substring(start, first) + HIDDEN;
    }

    /** All lines as they may be shown, without line ends. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (int start = 0; start < text.length(); ) {
            int end = lineEnd(start);
            lines.add(shown(start, end > start && text.charAt(end - 1) == '\r' ? end - 1 : end));
            start = end + 1;
        }
        return lines;
    }

    /** Hides the value after the name that contains a word, and returns where to continue. */
    private int named(int wordStart, int wordEnd) {
        int nameEnd = wordEnd;
        while (nameEnd < text.length() && isName(text.charAt(nameEnd))) {
            nameEnd++;
        }
        if (HARMLESS.matcher(text.substring(wordEnd, nameEnd).toLowerCase(Locale.ROOT))
                .matches()) {
            return nameEnd;
        }
        int at = nameEnd;
        int nameStart = wordStart;
        while (nameStart > 0 && isName(text.charAt(nameStart - 1))) {
            nameStart--;
        }
        boolean quotedName = at < text.length()
                && text.charAt(at) == '"'
                && nameStart > 0
                && text.charAt(nameStart - 1) == '"'
                && !insideText(nameStart - 1);
        at = blanks(quotedName ? at + 1 : at);
        if (at < text.length() && text.charAt(at) == ')') {
            at = blanks(at + 1); // (local.password) = "…" as a key of an object
        }
        if (at >= text.length() || !isSeparator(at)) {
            return nameEnd;
        }
        boolean colon = text.charAt(at) == ':';
        int value = blanks(at + 1);
        if (quotedName) {
            return expression(value, lineStart(wordStart));
        }
        if (insideText(wordStart)) {
            return hide(value, textEnd(value, '"'));
        }
        boolean attached = value == at + 1 && nameEnd == at;
        return (colon || attached) && !startsExpression(value)
                ? plain(value, lineStart(wordStart))
                : expression(value, lineStart(wordStart));
    }

    private static boolean isName(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '-';
    }

    /** One sign of an assignment: neither a comparison nor the beginning of an address. */
    private boolean isSeparator(int at) {
        char c = text.charAt(at);
        char next = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
        return (c == '=' && next != '=') || (c == ':' && next != '/' && next != ':');
    }

    private int blanks(int at) {
        int to = at;
        while (to < text.length() && (text.charAt(to) == ' ' || text.charAt(to) == '\t')) {
            to++;
        }
        return to;
    }

    private int lineStart(int at) {
        int start = at;
        while (start > 0 && at - start < MAX_BACK && text.charAt(start - 1) != '\n') {
            start--;
        }
        return start;
    }

    private int lineEnd(int at) {
        int end = text.indexOf('\n', at);
        return end < 0 ? text.length() : end;
    }

    /** Whether a place is between quotes, judged by its line alone. */
    private boolean insideText(int at) {
        boolean inside = false;
        for (int i = lineStart(Math.max(0, at)); i < at; i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '"') {
                inside = !inside;
            }
        }
        return inside;
    }

    /** The end of a quoted text whose content begins here: its quote, or the end of the line. */
    private int textEnd(int from, char quote) {
        int end = lineEnd(from);
        for (int i = from; i < end; i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == quote) {
                return i;
            }
        }
        return end;
    }

    private int hide(int from, int to) {
        hidden.set(from, Math.max(from, to));
        return Math.max(from, to);
    }

    private boolean startsExpression(int at) {
        if (at >= text.length() || "\"'[{(<\n\r".indexOf(text.charAt(at)) >= 0) {
            return true;
        }
        return REFERENCE.matcher(text).region(at, text.length()).lookingAt();
    }

    /** A value without quotes, as in YAML: its line, or, after a block's sign, all lines that are indented further. */
    private int plain(int value, int line) {
        int end = lineEnd(value);
        if (value < end && "|>".indexOf(text.charAt(value)) >= 0) {
            return block(end, line);
        }
        return hide(value, end);
    }

    private int block(int from, int line) {
        int depth = blanks(line) - line;
        int at = from;
        while (at < text.length()) {
            int next = at + 1;
            int content = blanks(next);
            boolean empty = content >= text.length() || text.charAt(content) == '\n' || text.charAt(content) == '\r';
            if (!empty && content - next <= depth) {
                break;
            }
            at = lineEnd(Math.min(next, text.length()));
            hide(Math.min(content, at), at);
            if (next >= text.length()) {
                break;
            }
        }
        return at;
    }

    /** Texts and numbers of an expression that ends with its line, or where its brackets close. */
    private int expression(int from, int line) {
        int depth = 0;
        int at = from;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '"' || c == '\'') {
                at = hide(at + 1, textEnd(at + 1, c));
            } else if (c == '<' && text.startsWith("<<", at)) {
                return heredoc(at);
            } else if ("[{(".indexOf(c) >= 0) {
                depth++;
            } else if (("]})".indexOf(c) >= 0 && --depth < 0) || (c == ',' && depth == 0)) {
                return at;
            } else if (c == '\n' && depth == 0) {
                return at == from || text.substring(from, at).isBlank() ? nested(at, line) : at;
            } else if (Character.isDigit(c) && !isName(text.charAt(Math.max(0, at - 1)))) {
                hide(at, at + 1);
                while (at + 1 < text.length() && (isName(text.charAt(at + 1)) || text.charAt(at + 1) == '.')) {
                    hide(++at, at + 1);
                }
            }
            at++;
        }
        return at;
    }

    /** Nothing on its own line: in YAML its value is below, indented further. */
    private int nested(int lineEnd, int line) {
        return text.charAt(Math.max(0, blanks(line))) == '#' ? lineEnd : block(lineEnd, line);
    }

    private int heredoc(int at) {
        Matcher opening = HEREDOC.matcher(text);
        if (!opening.region(at, text.length()).lookingAt()) {
            return hide(at, lineEnd(at));
        }
        int line = opening.end();
        while (line < text.length()
                && !text.substring(line, lineEnd(line)).strip().equals(opening.group(1))) {
            hide(line, lineEnd(line));
            line = Math.min(text.length(), lineEnd(line) + 1);
        }
        return line;
    }
}
