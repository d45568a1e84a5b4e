package dev.talosforge.config.text;

import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.hcl.value.ValueText;
import dev.talosforge.yaml.QuotedScalars;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * A value as YAML text in the form of {@code yamlencode}: block style, texts and keys in quotes, keys by name, texts
 * with line ends as literal blocks, long ones folded after column 80.
 */
public final class YamlEncode {
    private static final int MAX_LENGTH = 16 << 20;

    /** A key longer than this, in bytes, is not on one line with its value. */
    private static final int MAX_SIMPLE_KEY = 128;

    private final QuotedScalars out = new QuotedScalars();

    private YamlEncode() {}

    /** More than 16 Mi characters throw an {@link ArithmeticException}. */
    public static String of(Value value) {
        YamlEncode text = new YamlEncode();
        text.append(value, 0, true);
        boolean plain = value instanceof Value.Decimal || value instanceof Value.Bool || value instanceof Value.Null;
        return text.out.text() + (plain ? "...\n" : "");
    }

    /**
     * Writes a value and its final line end.
     *
     * @param inline whether a collection may begin on the current line: at the start and after a dash
     */
    private void append(Value value, int level, boolean inline) {
        if (out.length() > MAX_LENGTH) {
            throw new ArithmeticException("the text has more than %d characters".formatted(MAX_LENGTH));
        }
        switch (value) {
            case Value.Sequence(var _, List<Value> items)
            when !items.isEmpty() -> {
                boolean first = inline;
                for (Value item : items) {
                    indent(level, first);
                    out.append("- ");
                    append(item, level + 1, true);
                    first = false;
                }
            }
            case Value.Mapping(var _, SortedMap<String, Value> members)
            when !members.isEmpty() -> {
                boolean first = inline;
                for (Map.Entry<String, Value> member : members.entrySet()) {
                    indent(level, first);
                    member(member.getKey(), member.getValue(), level);
                    first = false;
                }
            }
            case Value.Text(String text) -> out.text(text, indentOf(level));
            case Value.Decimal _, Value.Bool _, Value.Null _, Value.Unknown _, Value.Sequence _, Value.Mapping _ -> {
                out.append(ValueText.json(value));
                out.endLine();
            }
        }
    }

    private void member(String key, Value value, int level) {
        if (QuotedScalars.hasBreak(key) || key.getBytes(StandardCharsets.UTF_8).length > MAX_SIMPLE_KEY) {
            out.append("? ");
            out.text(key, indentOf(level + 1));
            indent(level, false);
            out.append(": ");
            append(value, level + 1, true);
            return;
        }
        out.onOneLine(key);
        out.append(":");
        switch (value) {
            case Value.Sequence(var _, List<Value> items)
            when !items.isEmpty() -> {
                out.endLine();
                append(value, level, false); // The dashes of a list are below the key.
            }
            case Value.Mapping(var _, SortedMap<String, Value> members)
            when !members.isEmpty() -> {
                out.endLine();
                append(value, level + 1, false);
            }
            case Value.Text _,
                    Value.Decimal _,
                    Value.Bool _,
                    Value.Null _,
                    Value.Unknown _,
                    Value.Sequence _,
                    Value.Mapping _ -> {
                out.append(" ");
                append(value, level + 1, true);
            }
        }
    }

    private void indent(int level, boolean alreadyThere) {
        if (!alreadyThere) {
            out.append("  ".repeat(level));
        }
    }

    /** The indentation of a text that continues on the next line, in blanks. */
    private static int indentOf(int level) {
        return 2 * Math.max(1, level);
    }
}
