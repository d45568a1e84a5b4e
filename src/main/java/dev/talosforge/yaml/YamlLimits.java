package dev.talosforge.yaml;

import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.LoadSettingsBuilder;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * How much YAML is read.
 *
 * @param codePoints of a text
 * @param depth of collections in one another
 */
public record YamlLimits(int codePoints, int depth) {
    /** Of what {@code yamldecode} gets. */
    public static final YamlLimits LANGUAGE = new YamlLimits(4 << 20, 64);

    /** Of files that belong to an extension. */
    public static final YamlLimits EXTENSION = new YamlLimits(256 << 10, 100);

    /** For a parser, of which only the events are taken. */
    public LoadSettings settings() {
        return builder().build();
    }

    /** For what puts nodes together, with all ways to write null: {@code ~}, {@code Null} and {@code NULL}. */
    public LoadSettings coreSettings() {
        return builder().setSchema(new CoreSchema()).build();
    }

    private LoadSettingsBuilder builder() {
        return LoadSettings.builder().setCodePointLimit(codePoints);
    }

    /** The part of a failure's text that is for people; what follows shows the text with a mark. */
    public static String firstLine(YamlEngineException e, String otherwise) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse(otherwise);
    }
}
