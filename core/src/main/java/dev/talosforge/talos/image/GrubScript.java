package dev.talosforge.talos.image;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * GRUB's shell as far as menus need it: how a text is split into commands and words, and how a word is written so that
 * it stays as it is. Conditions, functions and file name patterns are not supported.
 *
 * <p>Specification: {@code grub-core/script/yylex.l} and {@code grub_file_getline} of GRUB 2.
 */
public final class GrubScript {
    /** These mean something to the shell, but not after a backslash. */
    private static final String SPECIAL = "\\{}&$|;<>\"";

    /** Words with a special meaning on their own. */
    private static final List<String> TOKENS = List.of("!", "[[", "]]");

    private final String text;
    private final SortedMap<String, String> variables = new TreeMap<>();
    private final List<Command> commands = new ArrayList<>();
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean inWord;
    private int at;

    private GrubScript(String text) {
        this.text = text;
    }

    /** A command with its words, or a brace that opens or closes a block. */
    public sealed interface Command {
        record Words(List<String> words) implements Command {
            public Words {
                words = List.copyOf(words);
            }
        }

        record Open() implements Command {}

        record Close() implements Command {}
    }

    /** The commands of a file, in order. */
    public static List<Command> commands(String config) {
        GrubScript script = new GrubScript(asRead(config));
        script.run();
        return List.copyOf(script.commands);
    }

    /** Carriage returns are dropped, and a NUL ends its line. */
    private static String asRead(String config) {
        return config.replace("\r", "").replaceAll("\0[^\n]*", "");
    }

    /** Quotes a word so that the shell gets exactly this word. */
    static String quote(String word) {
        StringBuilder quoted = new StringBuilder();
        if (word.startsWith("#") || TOKENS.contains(word)) {
            quoted.append('\\');
        }
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if (SPECIAL.indexOf(c) >= 0 || c == ' ' || c == '\'') {
                quoted.append('\\');
            }
            quoted.append(c);
        }
        return quoted.toString();
    }

    private void run() {
        while (at < text.length()) {
            char c = text.charAt(at++);
            switch (c) {
                case '\\' -> escape();
                case '\'' -> single();
                case '"' -> doubled();
                case '$' -> variable();
                case ' ', '\t' -> endWord();
                case '\n', ';', '|', '&', '<', '>' -> endCommand();
                case '{' -> brace(new Command.Open());
                case '}' -> brace(new Command.Close());
                default -> {
                    if (c == '#' && !inWord) {
                        at = endOfLine();
                    } else {
                        put(c);
                    }
                }
            }
        }
        endCommand();
    }

    private int endOfLine() {
        int end = text.indexOf('\n', at);
        return end < 0 ? text.length() : end;
    }

    private void put(char c) {
        word.append(c);
        inWord = true;
    }

    private void escape() {
        if (at < text.length()) {
            char c = text.charAt(at++);
            if (c != '\n') {
                put(c);
            }
        }
    }

    private void single() {
        inWord = true;
        while (at < text.length() && text.charAt(at) != '\'') {
            put(text.charAt(at++));
        }
        at++;
    }

    private void doubled() {
        inWord = true;
        while (at < text.length() && text.charAt(at) != '"') {
            char c = text.charAt(at++);
            if (c == '$') {
                variable();
            } else if (c == '\\' && at < text.length() && "$\"\\\n".indexOf(text.charAt(at)) >= 0) {
                escape();
            } else {
                put(c);
            }
        }
        at++;
    }

    /** {@code $name} or <code>${name}</code>; an unset one is empty, and makes no word of its own. */
    private void variable() {
        boolean braced = at < text.length() && text.charAt(at) == '{';
        int start = braced ? at + 1 : at;
        int end = start;
        while (end < text.length() && (Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '_')) {
            end++;
        }
        if (end == start || (braced && !text.startsWith("}", end))) {
            put('$');
            return;
        }
        at = braced ? end + 1 : end;
        String value = variables.getOrDefault(text.substring(start, end), "");
        inWord |= !value.isEmpty();
        word.append(value);
    }

    private void endWord() {
        if (inWord) {
            words.add(word.toString());
            word.setLength(0);
            inWord = false;
        }
    }

    private void endCommand() {
        endWord();
        if (words.isEmpty()) {
            return;
        }
        int value = words.size() == 2 ? words.get(1).indexOf('=') : -1;
        if (words.getFirst().equals("set") && value > 0) {
            variables.put(words.get(1).substring(0, value), words.get(1).substring(value + 1));
        }
        commands.add(new Command.Words(words));
        words.clear();
    }

    private void brace(Command brace) {
        endCommand();
        commands.add(brace);
    }
}
