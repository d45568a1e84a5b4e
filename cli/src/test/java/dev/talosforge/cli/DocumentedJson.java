package dev.talosforge.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonArray;
import dev.talosforge.json.Json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What docs/cli.md says under one heading of the members that a command prints with {@code --json}. */
public final class DocumentedJson {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (`[^|]*) \\| ([^|]*)\\|$");
    private static final Pattern NAME = Pattern.compile("`([a-z_.\\[\\]]+)`");

    private final String heading;
    private final String text;

    /** Each member's path, such as {@code changes[].after}, and whether it may be left out. */
    private final SortedMap<String, Boolean> members = new TreeMap<>();

    private final SortedSet<String> printed = new TreeSet<>();

    private DocumentedJson(String heading, String text) {
        this.heading = heading;
        this.text = text;
        int second = text.indexOf("\n\n| `category` |");
        ROW.matcher(second < 0 ? text : text.substring(0, second)).results().forEach(this::row);
    }

    public static DocumentedJson under(String heading) throws IOException {
        String page = Files.readString(Path.of("docs/cli.md"));
        int start = page.indexOf("\n" + heading + "\n");
        assertTrue(start >= 0, () -> "docs/cli.md has no heading " + heading);
        int end = page.indexOf("\n##", start + 1);
        return new DocumentedJson(heading, page.substring(start, end < 0 ? page.length() : end));
    }

    private void row(MatchResult row) {
        boolean optional = row.group(2).startsWith("optional") || row.group(2).startsWith("with ");
        NAME.matcher(row.group(1)).results().forEach(name -> members.put(name.group(1), optional));
    }

    /** All members of these are documented, and all documented ones are in one of them. */
    public void isWhatIsPrinted(Json... samples) {
        for (Json sample : samples) {
            visit("", sample);
        }
        SortedSet<String> leaves = new TreeSet<>(members.keySet());
        leaves.removeIf(this::hasMembers);
        assertEquals(String.join("\n", leaves), String.join("\n", printed), heading);
    }

    /** A value of a member is in the text. */
    public void names(String value) {
        assertTrue(text.contains("`" + value + "`"), () -> heading + " does not name " + value);
    }

    private boolean hasMembers(String path) {
        return members.keySet().stream()
                .anyMatch(other -> other.startsWith(path + ".") || other.startsWith(path + "["));
    }

    private void visit(String path, Json value) {
        if (!path.isEmpty() && !hasMembers(path)) {
            printed.add(path);
            return;
        }
        switch (value) {
            case JsonObject(var all) -> {
                String before = path.isEmpty() ? "" : path + ".";
                all.forEach((name, member) -> visit(before + name, member));
                members.forEach((name, optional) -> {
                    String own = name.startsWith(before)
                            ? name.substring(before.length()).replaceAll("[.\\[].*", "")
                            : "";
                    boolean required = !optional && !own.isEmpty() && !Boolean.TRUE.equals(members.get(before + own));
                    assertTrue(
                            !required || all.containsKey(own),
                            () -> "%s: %s%s is not optional, and missing".formatted(heading, before, own));
                });
            }
            case JsonArray(var items) -> items.forEach(item -> visit(path.isEmpty() ? "" : path + "[]", item));
            default -> {}
        }
    }
}
