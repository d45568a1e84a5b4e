package dev.talosforge.support;

import dev.talosforge.bytes.Field;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** The field table under one heading of a page in docs/formats. */
public final class DocumentedLayout {
    private static final Pattern ROW = Pattern.compile("\\| (\\d+) \\| (\\d+) \\| (\\w+) \\|");

    private DocumentedLayout() {}

    public static List<Field> of(String page, String heading) throws IOException {
        String text = Files.readString(Path.of("docs/formats/" + page + ".md"));
        int start = text.indexOf("\n## " + heading + "\n");
        if (start < 0) {
            throw new AssertionError("docs/formats/%s.md has no heading %s".formatted(page, heading));
        }
        int end = text.indexOf("\n## ", start + 1);
        return ROW.matcher(text.substring(start, end < 0 ? text.length() : end))
                .results()
                .map(match ->
                        new Field(Integer.parseInt(match.group(1)), Integer.parseInt(match.group(2)), match.group(3)))
                .toList();
    }
}
