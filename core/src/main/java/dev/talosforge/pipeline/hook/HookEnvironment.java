package dev.talosforge.pipeline.hook;

import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.hcl.value.ValueText;
import dev.talosforge.config.unit.Hook;
import dev.talosforge.config.unit.Unit;
import dev.talosforge.pipeline.run.RunSettings;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The environment of hooks: this program's own, and what Terragrunt adds to it. */
record HookEnvironment(Unit unit, RunSettings settings) {
    private static final String INPUT = "TF_VAR_";

    /**
     * The variables of one hook.
     *
     * @param command for which it runs
     */
    SortedMap<String, String> of(Hook hook, String command) {
        SortedMap<String, String> variables = new TreeMap<>(settings.environment());
        if (!command.equals(Hook.CONFIGURATION_READ)) {
            inputs(variables);
        }
        variables.put("TG_CTX_TF_PATH", terraform());
        variables.put("TG_CTX_COMMAND", command);
        variables.put("TG_CTX_HOOK_NAME", hook.name());
        return variables;
    }

    /** Values from outside override those of the unit. */
    private void inputs(SortedMap<String, String> variables) {
        unit.inputs().forEach((name, value) -> {
            String text = text(value);
            if (text != null) {
                variables.putIfAbsent(INPUT + name, text);
            }
        });
        for (String name : settings.requested()) {
            Value value = settings.overrides().get(name);
            String text = value == null ? null : text(value);
            if (text != null) {
                variables.put(INPUT + name, text);
            }
        }
    }

    /** Text as it is, anything else as JSON; null if there is no value. */
    private static @Nullable String text(Value value) {
        return switch (value) {
            case Value.Text(String text) -> text;
            case Value.Null _, Value.Unknown _ -> null;
            case Value.Decimal _, Value.Bool _, Value.Sequence _, Value.Mapping _ -> ValueText.json(value);
        };
    }

    private String terraform() {
        for (String variable : new String[] {"TG_TF_PATH", "TERRAGRUNT_TFPATH"}) {
            String path = settings.environment().get(variable);
            if (path != null && !path.isEmpty()) {
                return path;
            }
        }
        String named = unit.hooks().terraformBinary();
        return named != null ? named : isOnPath("tofu") ? "tofu" : "terraform";
    }

    private boolean isOnPath(String program) {
        String path = settings.environment().getOrDefault("PATH", "");
        for (String folder : path.split(File.pathSeparator, -1)) {
            try {
                if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, program))) {
                    return true;
                }
            } catch (InvalidPathException e) {
                // No such folder can be.
            }
        }
        return false;
    }
}
