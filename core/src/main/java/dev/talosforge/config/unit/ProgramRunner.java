package dev.talosforge.config.unit;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs the programs that {@code run_cmd} and {@code sops_decrypt_file} name. */
@FunctionalInterface
public interface ProgramRunner {
    /** Runs nothing: what a program would have written is not known. */
    static ProgramRunner refused() {
        return (_, _) -> null;
    }

    /**
     * What the program wrote to its standard output; null when it was not run, so that a tree can be looked at without
     * it. A failure is a {@link dev.talosforge.config.hcl.value.FunctionFailure}.
     *
     * @param command the program and its arguments; no shell sees them
     * @param directory where it runs
     */
    @Nullable
    String run(List<String> command, Path directory);
}
