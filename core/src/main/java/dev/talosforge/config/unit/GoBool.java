package dev.talosforge.config.unit;

import java.util.Set;

/** Truth values in text as Terragrunt reads them, in variables and features: Go's {@code strconv.ParseBool}. */
public final class GoBool {
    private static final Set<String> TRUE = Set.of("1", "t", "T", "TRUE", "true", "True");
    private static final Set<String> FALSE = Set.of("0", "f", "F", "FALSE", "false", "False");

    private GoBool() {}

    public static boolean isTrue(String text) {
        return TRUE.contains(text);
    }

    public static boolean isBool(String text) {
        return TRUE.contains(text) || FALSE.contains(text);
    }
}
