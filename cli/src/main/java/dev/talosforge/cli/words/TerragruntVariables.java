package dev.talosforge.cli.words;

import dev.talosforge.config.unit.GoBool;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Options that Terragrunt reads from the environment, under {@code TG_NAME} or the older {@code TERRAGRUNT_NAME}. */
public record TerragruntVariables(SortedMap<String, String> environment) {
    /** Null if it is not set or empty. */
    @Nullable
    public String text(String name) {
        String value = environment.getOrDefault(variable(name), "");
        return value.isEmpty() ? null : value;
    }

    private String variable(String name) {
        return environment.containsKey("TG_" + name) ? "TG_" + name : "TERRAGRUNT_" + name;
    }

    /** False if not set; refuses every truth value that Terragrunt refuses. */
    public boolean is(String name) {
        String text = text(name);
        if (text != null && !GoBool.isBool(text)) {
            throw BadOption.invalid("cannot use " + variable(name), "\"%s\" is neither true nor false".formatted(text));
        }
        return text != null && GoBool.isTrue(text);
    }

    @Nullable
    public Integer number(String name) {
        String text = text(name);
        if (text == null) {
            return null;
        }
        if (!text.matches("-?[0-9]{1,9}")) {
            throw BadOption.invalid("cannot use " + variable(name), "\"%s\" is not a number".formatted(text));
        }
        return Integer.valueOf(text);
    }

    /** A list, separated by commas. */
    public List<String> list(String name) {
        String text = text(name);
        return text == null ? List.of() : Stream.of(text.split(",", -1)).toList();
    }
}
