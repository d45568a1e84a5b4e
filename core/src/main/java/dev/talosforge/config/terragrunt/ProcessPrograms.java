package dev.talosforge.config.terragrunt;

import dev.talosforge.config.hcl.value.FunctionFailure;
import dev.talosforge.config.unit.ProgramRunner;
import dev.talosforge.problem.Problem.Kind;
import dev.talosforge.process.Output;
import dev.talosforge.process.Program;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.TimeoutException;

/** Runs programs as child processes: without a shell, with a time limit, and with limited output. */
public final class ProcessPrograms implements ProgramRunner {
    private static final int MAX_OUTPUT = 16 << 20;

    private final Duration limit;
    private final SortedMap<String, String> environment;

    /**
     * A runner whose programs see only this environment.
     *
     * @param limit time after which a program is ended
     */
    public ProcessPrograms(Duration limit, SortedMap<String, String> environment) {
        this.limit = limit;
        this.environment = environment;
    }

    @Override
    public String run(List<String> command, Path directory) {
        String name = command.getFirst();
        Output output = new Output(MAX_OUTPUT);
        try {
            int status = new Program(command, directory, environment).run(output, (_, _) -> {}, limit);
            if (status != 0) {
                throw failure("\"%s\" exited with code %d".formatted(name, status));
            }
        } catch (Program.CannotStart e) {
            throw failure("\"%s\" does not start: %s".formatted(name, e.getMessage()));
        } catch (TimeoutException e) {
            throw failure("\"%s\" did not end within %d s".formatted(name, limit.toSeconds()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure("\"%s\" was interrupted".formatted(name));
        }
        if (output.isTooMuch()) {
            throw failure("\"%s\" wrote more than %d bytes".formatted(name, MAX_OUTPUT));
        }
        return output.text();
    }

    private static FunctionFailure failure(String why) {
        return new FunctionFailure(Kind.ENVIRONMENT, -1, why, null);
    }
}
