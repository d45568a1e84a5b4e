package dev.talosforge.config.unit;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs the programs that {@code run_cmd} and {@code sops_decrypt_file} name. */
@FunctionalInterface
public interface ProgramRunner {
    /** Runs nothing: the output of a program is not known. */
    static ProgramRunner refused() {
        return (_, _) -> null;
    }

    /**
     * The program's standard output; null if it did not run, so that a tree can be shown without running programs. A
     * failure is a {@link dev.talosforge.config.hcl.value.FunctionFailure}.
     *
     * @param command the program and its arguments; no shell interprets them
     * @param directory where it runs
     */
    @Nullable
    String run(List<String> command, Path directory);
}
