package dev.talosforge.config;

import dev.talosforge.config.hcl.Value;
import dev.talosforge.config.hcl.ValueText;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** A value as YAML text in the form of {@code yamlencode}: block style, texts and keys in quotes, keys by name. */
final class YamlText {
    private final StringBuilder out = new StringBuilder();

    private YamlText() {}

    static String of(Value value) {
        YamlText text = new YamlText();
        text.append(value, 0, true);
        return text.out.toString();
    }

    /**
     * Writes a value and its final line's end.
     *
     * @param inline whether a collection may begin on the line that is being written: at the start and behind a dash
     */
    private void append(Value value, int level, boolean inline) {
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
                    out.append(ValueText.json(Value.of(member.getKey()))).append(':');
                    member(member.getValue(), level);
                    first = false;
                }
            }
            case Value.Text(String text)
            when text.indexOf('\n') >= 0
                    && text.chars().noneMatch(c -> c < 0x20 && c != '\n')
                    && !text.startsWith(" ") -> literal(text, level);
            case Value.Text _,
                    Value.Decimal _,
                    Value.Bool _,
                    Value.Null _,
                    Value.Unknown _,
                    Value.Sequence _,
                    Value.Mapping _ -> out.append(ValueText.json(value)).append('\n');
        }
    }

    private void member(Value value, int level) {
        switch (value) {
            case Value.Sequence(var _, List<Value> items)
            when !items.isEmpty() -> {
                out.append('\n');
                append(value, level, false); // A list's dashes stand below the key.
            }
            case Value.Mapping(var _, SortedMap<String, Value> members)
            when !members.isEmpty() -> {
                out.append('\n');
                append(value, level + 1, false);
            }
            case Value.Text _,
                    Value.Decimal _,
                    Value.Bool _,
                    Value.Null _,
                    Value.Unknown _,
                    Value.Sequence _,
                    Value.Mapping _ -> {
                out.append(' ');
                append(value, level + 1, true);
            }
        }
    }

    private void indent(int level, boolean alreadyThere) {
        if (!alreadyThere) {
            out.repeat("  ", level);
        }
    }

    private void literal(String text, int level) {
        out.append(text.endsWith("\n\n") || text.equals("\n") ? "|+" : text.endsWith("\n") ? "|" : "|-")
                .append('\n');
        String body = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
        for (String line : body.split("\n", -1)) {
            if (!line.isEmpty()) {
                out.repeat("  ", Math.max(1, level)).append(line);
            }
            out.append('\n');
        }
    }
}
