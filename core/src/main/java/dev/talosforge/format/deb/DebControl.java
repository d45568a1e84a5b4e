package dev.talosforge.format.deb;

import dev.talosforge.bytes.FormatException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a package's {@code control} file, in its order; see {@code deb-control(5)}.
 *
 * @param fields the lines of a value are joined by line feeds, without their leading space
 */
public record DebControl(SequencedMap<String, String> fields) {
    private static final String STRUCTURE = "deb control file";

    public DebControl {
        fields = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(fields));
    }

    static DebControl parse(String text) throws FormatException {
        SequencedMap<String, StringBuilder> fields = new LinkedHashMap<>();
        Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        StringBuilder value = null;
        for (String line : text.stripTrailing().split("\n", -1)) {
            if (line.startsWith("#")) {
                continue;
            }
            if (line.startsWith(" ") || line.startsWith("\t")) {
                if (value == null) {
                    throw new FormatException(STRUCTURE, 0, "starts with a continuation line");
                }
                value.append('\n').append(line, 1, line.length());
                continue;
            }
            int colon = line.indexOf(':');
            if (colon <= 0 || line.substring(0, colon).chars().anyMatch(c -> c <= ' ' || c > '~')) {
                throw new FormatException(STRUCTURE, 0, "not a field: \"" + line + "\"");
            }
            String name = line.substring(0, colon);
            if (!names.add(name)) {
                throw new FormatException(STRUCTURE, 0, "duplicate field: " + name);
            }
            value = new StringBuilder(line.substring(colon + 1).strip());
            fields.put(name, value);
        }
        SequencedMap<String, String> texts = new LinkedHashMap<>();
        fields.forEach((name, written) -> texts.put(name, written.toString()));
        DebControl control = new DebControl(texts);
        control.need("Package");
        control.need("Version");
        control.need("Architecture");
        return control;
    }

    /** The value of {@code Package}. */
    public String packageName() {
        return given("Package");
    }

    /** The value of {@code Version}. */
    public String version() {
        return given("Version");
    }

    /** Debian's name for it, such as {@code amd64}, or {@code all}. */
    public String architecture() {
        return given("Architecture");
    }

    /** A field's value, whatever the case of its name, or null. */
    public @Nullable String field(String name) {
        return find(fields, name);
    }

    private void need(String name) throws FormatException {
        String value = field(name);
        if (value == null || value.isEmpty()) {
            throw new FormatException(STRUCTURE, 0, "the field is missing: " + name);
        }
    }

    private String given(String name) {
        String value = field(name);
        if (value == null) {
            throw new IllegalStateException("no " + name);
        }
        return value;
    }

    private static @Nullable String find(Map<String, String> fields, String name) {
        for (Map.Entry<String, String> field : fields.entrySet()) {
            if (field.getKey().equalsIgnoreCase(name)) {
                return field.getValue();
            }
        }
        return null;
    }
}
