package dev.talosforge.pipeline.hook;

import dev.talosforge.config.unit.Hook;
import dev.talosforge.config.unit.Unit;
import dev.talosforge.engine.Event;
import dev.talosforge.engine.Events;
import dev.talosforge.pipeline.run.RunSettings;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Remedy;
import dev.talosforge.problem.RunOption;
import dev.talosforge.problem.Verb;
import dev.talosforge.process.Lines;
import dev.talosforge.process.Program;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Runs the hooks of one unit, one at a time.
 *
 * @param name of the unit, which precedes each line of a hook's output
 * @param state where the unit's outputs are recorded
 * @param command for which they run
 */
record HookRun(
        Unit unit, String name, Path state, String command, RunSettings settings, Events events, KnownSecrets secrets) {
    /**
     * A hook's failure.
     *
     * @param text the text that error hooks search for their patterns: the command, its output, and its exit status
     */
    record Failure(BuildException problem, String text) {}

    /** The end of a program's output: as much as is searched for patterns. */
    private static final class Tail implements Program.Listener {
        private static final int SIZE = 1 << 16;

        private final byte[] ring = new byte[SIZE];
        private long length;

        @Override
        public void accept(byte[] buffer, int count) {
            for (int i = 0; i < count; i++) {
                ring[(int) (length++ % SIZE)] = buffer[i];
            }
        }

        String text() {
            int kept = (int) Math.min(length, SIZE);
            byte[] bytes = new byte[kept];
            for (int i = 0; i < kept; i++) {
                bytes[i] = ring[(int) ((length - kept + i) % SIZE)];
            }
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    /** Null if it succeeded. */
    @Nullable
    Failure run(Hook hook) throws InterruptedException {
        if (hook.notKnown() != null) {
            return failure(hook, Problem.Kind.NOT_SUPPORTED, hook.notKnown(), "", null);
        }
        HookPlace.Start start;
        try {
            start = HookPlace.of(unit, state, settings.environment()).of(hook);
        } catch (InvalidPathException e) {
            return failure(
                    hook, Problem.Kind.INVALID_INPUT, "its working_dir is not a path: " + e.getReason(), "", null);
        }
        Path folder = start.folder();
        if (!Files.isDirectory(folder)) {
            return failure(hook, Problem.Kind.ENVIRONMENT, "its folder %s does not exist".formatted(folder), "", null);
        }
        if (start.blind() && hook.kind() == Hook.Kind.AFTER) {
            events.warning(
                    name,
                    "%s asks for outputs in %s, but they are recorded elsewhere".formatted(hook.title(), folder),
                    Remedy.sentence(
                            "change its command to: ",
                            Remedy.command(Verb.OUTPUT)
                                    .in(unit.directory().toString())
                                    .with(RunOption.JSON)));
        }
        String step = "%s %s".formatted(hook.kind().block(), hook.name());
        events.started(name, step);
        Tail tail = new Tail();
        Lines lines = new Lines(line -> events.on(new Event.HookOutput(name, hook.name(), secrets.hide(line))));
        try {
            Program program =
                    new Program(start.command(), folder, new HookEnvironment(unit, settings).of(hook, command));
            int status = run(program, hook.suppressStdout(), tail, lines);
            lines.close();
            events.finished(name, step, status == 0 ? null : "exit code " + status, false);
            return status == 0
                    ? null
                    : failure(
                            hook,
                            Problem.Kind.ENVIRONMENT,
                            "%s exited with code %d".formatted(HookCommand.of(hook, secrets), status),
                            "%s in %s\n%s\nexit status %d"
                                    .formatted(String.join(" ", hook.execute()), folder, tail.text(), status),
                            null);
        } catch (Program.CannotStart e) {
            events.finished(name, step, "does not start", false);
            return cannotStart(hook, folder, String.valueOf(e.getMessage()));
        }
    }

    private static int run(Program program, boolean quiet, Tail tail, Lines lines)
            throws Program.CannotStart, InterruptedException {
        Program.Listener both = (buffer, length) -> {
            tail.accept(buffer, length);
            lines.accept(buffer, length);
        };
        try {
            // Called by two threads, but one after the other: suppressed output is searched as well.
            return quiet
                    ? program.run(synchronizedWith(tail, tail), synchronizedWith(tail, both), null)
                    : program.run(both, null, null);
        } catch (TimeoutException e) {
            throw new IllegalStateException(e); // there is no limit
        }
    }

    private static Program.Listener synchronizedWith(Object lock, Program.Listener listener) {
        return (buffer, length) -> {
            synchronized (lock) {
                listener.accept(buffer, length);
            }
        };
    }

    private Failure cannotStart(Hook hook, Path folder, String why) {
        String program = hook.execute().getFirst();
        boolean path = program.contains("/");
        boolean missing = path ? !Files.exists(folder.resolve(program)) : why.startsWith("No such file");
        String text = "%s in %s\n%s".formatted(String.join(" ", hook.execute()), folder, why);
        String shown = secrets.hide(program);
        if (!missing) {
            return failure(hook, Problem.Kind.ENVIRONMENT, "cannot start %s: %s".formatted(shown, why), text, null);
        }
        return path
                ? failure(
                        hook,
                        Problem.Kind.ENVIRONMENT,
                        "there is no program %s"
                                .formatted(secrets.hide(
                                        folder.resolve(program).normalize().toString())),
                        text,
                        null)
                : failure(
                        hook,
                        Problem.Kind.ENVIRONMENT,
                        "there is no program \"%s\" on the PATH".formatted(shown),
                        text + "\nexecutable file not found in $PATH",
                        "install it, or ");
    }

    /**
     * Creates a failure.
     *
     * @param first a remedy to show before that of leaving hooks out; null for none
     */
    private Failure failure(Hook hook, Problem.Kind kind, String why, String text, @Nullable String first) {
        Problem problem = Problem.failed(kind, "cannot run %s of %s".formatted(hook.title(), name))
                .because(why)
                .at(hook.where())
                .trying(Remedy.sentence(
                        (first == null ? "" : first) + "run the unit without hooks: ",
                        Remedy.command(Verb.APPLY)
                                .in(unit.directory().toString().replace('\\', '/'))
                                .with(RunOption.NO_HOOKS)));
        return new Failure(new BuildException(problem, null), text.isEmpty() ? why : text);
    }
}
