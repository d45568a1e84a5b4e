package dev.talosforge.config.text;

import dev.talosforge.config.hcl.syntax.Range;
import dev.talosforge.config.hcl.syntax.SourceText;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.problem.BuildException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads JSON and keeps the place of every value. Depth and length are limited. */
public final class PlacedJson {
    private static final int MAX_DEPTH = 100;
    private static final Pattern NUMBER =
            Pattern.compile("-?(?:0|[1-9][0-9]{0,999})(?:\\.[0-9]{1,999})?(?:[eE][+-]?[0-9]{1,3})?");

    private final SourceText source;
    private final String text;
    private int at;
    private int depth;

    /** A value and its place. */
    public sealed interface Node {
        Range range();

        /**
         * Text.
         *
         * @param inside the text without its quotes and escapes, which knows its place
         */
        record Text(SourceText inside, Range range) implements Node {
            public String value() {
                return inside.text();
            }
        }

        record Plain(Value value, Range range) implements Node {}

        record Items(List<Node> items, Range range) implements Node {
            public Items {
                items = List.copyOf(items);
            }
        }

        /** Members in the order of the text. */
        record Members(List<Member> members, Range range) implements Node {
            public Members {
                members = List.copyOf(members);
            }
        }
    }

    public record Member(Node.Text name, Node value) {}

    private PlacedJson(SourceText source) {
        this.source = source;
        this.text = source.text();
    }

    public static Node read(SourceText source) {
        PlacedJson json = new PlacedJson(source);
        Node node = json.value();
        json.blank();
        if (json.at < json.text.length()) {
            throw json.broken("expected the end of the file");
        }
        return node;
    }

    private BuildException broken(String why) {
        String found = at < text.length() ? "\"" + text.substring(at, text.offsetByCodePoints(at, 1)) + "\"" : "";
        return source.range(Math.min(at, text.length()), Math.min(at + 1, text.length()))
                .problem(
                        "cannot parse " + source.file().getFileName(),
                        "%s, found %s".formatted(why, found.isEmpty() ? "the end of the file" : found),
                        null);
    }

    private void blank() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private boolean take(char wanted) {
        blank();
        if (at < text.length() && text.charAt(at) == wanted) {
            at++;
            return true;
        }
        return false;
    }

    private Node value() {
        blank();
        if (++depth > MAX_DEPTH) {
            throw broken("expected at most %d levels".formatted(MAX_DEPTH));
        }
        int start = at;
        Node node;
        if (take('{')) {
            node = members(start);
        } else if (take('[')) {
            node = items(start);
        } else if (at < text.length() && text.charAt(at) == '"') {
            node = string();
        } else {
            node = plain();
        }
        depth--;
        return node;
    }

    private Node members(int start) {
        List<Member> members = new ArrayList<>();
        if (take('}')) {
            return new Node.Members(members, source.range(start, at));
        }
        do {
            blank();
            if (at == text.length() || text.charAt(at) != '"') {
                throw broken("expected a name in quotes");
            }
            Node.Text name = string();
            if (!take(':')) {
                throw broken("expected \":\"");
            }
            members.add(new Member(name, value()));
        } while (take(','));
        if (!take('}')) {
            throw broken("expected \",\" or \"}\"");
        }
        return new Node.Members(members, source.range(start, at));
    }

    private Node items(int start) {
        List<Node> items = new ArrayList<>();
        if (take(']')) {
            return new Node.Items(items, source.range(start, at));
        }
        do {
            items.add(value());
        } while (take(','));
        if (!take(']')) {
            throw broken("expected \",\" or \"]\"");
        }
        return new Node.Items(items, source.range(start, at));
    }

    private Node plain() {
        int start = at;
        for (String word : List.of("true", "false", "null")) {
            if (text.startsWith(word, at)) {
                at += word.length();
                Value value = word.equals("null") ? Value.ofNull() : Value.of(word.equals("true"));
                return new Node.Plain(value, source.range(start, at));
            }
        }
        Matcher number = NUMBER.matcher(text).region(at, text.length());
        if (!number.lookingAt()) {
            throw broken("expected a value");
        }
        at = number.end();
        return new Node.Plain(Value.of(new BigDecimal(number.group())), source.range(start, at));
    }

    private Node.Text string() {
        int start = at++;
        StringBuilder plain = new StringBuilder();
        List<Integer> offsets = new ArrayList<>();
        while (at < text.length() && text.charAt(at) != '"') {
            char next = text.charAt(at);
            if (next < ' ') {
                throw broken("expected the end of the text");
            }
            offsets.add(at);
            if (next == '\\') {
                plain.append(escaped());
            } else {
                plain.append(next);
                at++;
            }
        }
        if (at == text.length()) {
            throw broken("expected the end of the text");
        }
        offsets.add(at++);
        SourceText inside = source.part(
                plain.toString(), offsets.stream().mapToInt(Integer::intValue).toArray());
        return new Node.Text(inside, source.range(start, at));
    }

    private char escaped() {
        char kind = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
        int known = "\"\\/bfnrt".indexOf(kind);
        if (known >= 0) {
            at += 2;
            return "\"\\/\b\f\n\r\t".charAt(known);
        }
        if (kind == 'u'
                && at + 6 <= text.length()
                && text.substring(at + 2, at + 6).matches("[0-9a-fA-F]{4}")) {
            at += 6;
            return (char) Integer.parseInt(text.substring(at - 4, at), 16);
        }
        throw broken("expected an escape such as \\n");
    }
}
