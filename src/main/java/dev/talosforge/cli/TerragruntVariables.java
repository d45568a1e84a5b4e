package dev.talosforge.cli;

import dev.talosforge.config.GoBool;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Options that Terragrunt reads from the environment, under {@code TG_NAME} or the older {@code TERRAGRUNT_NAME}. */
record TerragruntVariables(SortedMap<String, String> environment) {
    /** Null where it is not set, or empty. */
    @Nullable
    String text(String name) {
        String value = environment.getOrDefault("TG_" + name, environment.getOrDefault("TERRAGRUNT_" + name, ""));
        return value.isEmpty() ? null : value;
    }

    boolean is(String name) {
        String text = text(name);
        return text != null && GoBool.isTrue(text);
    }

    @Nullable
    Integer number(String name) {
        String text = text(name);
        if (text == null) {
            return null;
        }
        if (!text.matches("-?[0-9]{1,9}")) {
            throw BadOption.invalid("cannot use TG_" + name, "\"%s\" is no number".formatted(text));
        }
        return Integer.valueOf(text);
    }

    /** With commas between the items. */
    List<String> list(String name) {
        String text = text(name);
        return text == null ? List.of() : Stream.of(text.split(",", -1)).toList();
    }
}
