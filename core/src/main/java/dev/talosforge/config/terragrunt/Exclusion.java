package dev.talosforge.config.terragrunt;

import dev.talosforge.config.hcl.syntax.Body;
import dev.talosforge.config.hcl.value.Type;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.terragrunt.file.FileParts;
import dev.talosforge.config.terragrunt.file.FileScope;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;

/**
 * Whether a unit is excluded from runs.
 *
 * @param excluded by {@code skip}, or by a block whose condition and actions match
 * @param alone whether that also counts if this unit is the only one to run
 * @param dependenciesToo whether the units that it depends on are excluded with it
 */
record Exclusion(boolean excluded, boolean alone, boolean dependenciesToo) {
    static final Exclusion NONE = new Exclusion(false, false, false);

    static Exclusion of(FileScope file, FileParts parts) {
        Body.Attribute skip = file.body().attribute("skip");
        if (skip != null && isTrue(file.evaluate(skip.value()))) {
            return new Exclusion(true, true, false);
        }
        return parts.exclude() instanceof Value.Mapping(var _, var members)
                ? of(members, file.run().settings().command())
                : NONE;
    }

    private static Exclusion of(SortedMap<String, Value> block, String command) {
        if (!is(block, "if") || !covers(block.getOrDefault("actions", Value.ofNull()), command)) {
            return NONE;
        }
        return new Exclusion(true, is(block, "no_run"), is(block, "exclude_dependencies"));
    }

    private static boolean is(SortedMap<String, Value> block, String name) {
        return isTrue(block.getOrDefault(name, Value.ofNull()));
    }

    private static boolean isTrue(Value value) {
        return Value.of(true).equals(Type.Simple.BOOL.convert(value));
    }

    private static boolean covers(Value actions, String command) {
        if (!(actions instanceof Value.Sequence(var _, List<Value> items))) {
            return true;
        }
        for (Value item : items) {
            if (item instanceof Value.Text(String action)
                    && (action.equals("all")
                            || (action.equals("all_except_output") && !command.equals("output"))
                            || action.toLowerCase(Locale.ROOT).equals(command))) {
                return true;
            }
        }
        return false;
    }
}
