package dev.talosforge.yaml;

import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.LoadSettingsBuilder;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * Limits for reading YAML.
 *
 * @param codePoints of a text
 * @param depth of nested collections
 */
public record YamlLimits(int codePoints, int depth) {
    /** For {@code yamldecode}. */
    public static final YamlLimits LANGUAGE = new YamlLimits(4 << 20, 64);

    /** For files of an extension. */
    public static final YamlLimits EXTENSION = new YamlLimits(256 << 10, 100);

    /** For a parser of which only the events are used. */
    public LoadSettings settings() {
        return builder().build();
    }

    /** For a composer of nodes, with all spellings of null: {@code ~}, {@code Null} and {@code NULL}. */
    public LoadSettings coreSettings() {
        return builder().setSchema(new CoreSchema()).build();
    }

    private LoadSettingsBuilder builder() {
        return LoadSettings.builder().setCodePointLimit(codePoints);
    }

    /** The readable part of a failure's message; the rest shows the text with a mark. */
    public static String firstLine(YamlEngineException e, String otherwise) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse(otherwise);
    }
}
