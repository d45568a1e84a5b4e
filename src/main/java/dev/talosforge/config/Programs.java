package dev.talosforge.config;

import dev.talosforge.config.hcl.FunctionFailure;
import dev.talosforge.problem.Problem.Kind;
import java.nio.file.Path;
import java.util.List;

/** Runs the programs that {@code run_cmd} and {@code sops_decrypt_file} name. */
@FunctionalInterface
public interface Programs {
    /** Runs nothing and says so. */
    static Programs refused() {
        return (command, _) -> {
            throw new FunctionFailure(
                    Kind.NOT_SUPPORTED,
                    -1,
                    "it would run \"%s\"; programs run only during apply".formatted(command.getFirst()),
                    null);
        };
    }

    /**
     * What the program wrote to its standard output. A failure is a {@link FunctionFailure}.
     *
     * @param command the program and its arguments; no shell sees them
     * @param directory where it runs
     */
    String run(List<String> command, Path directory);
}
