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
 * @param name of the unit, which stands before each line that a hook says
 * @param state where the unit's outputs are recorded
 * @param command for which they run
 */
record HookRun(
        Unit unit, String name, Path state, String command, RunSettings settings, Events events, KnownSecrets secrets) {
    /**
     * That a hook did not end well.
     *
     * @param text what error hooks look for their patterns in: the command, what it said, and its exit status
     */
    record Failure(BuildException problem, String text) {}

    /** The end of what a program says: as much as is looked through for patterns. */
    private static final class Tail implements Program.Listener {
        private static final int SIZE = 1 << 16;

        private final byte[] ring = new byte[SIZE];
        private long length;

        @Override
        public void hears(byte[] buffer, int count) {
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

    /** Null when it ended well. */
    @Nullable
    Failure run(Hook hook) throws InterruptedException {
        if (hook.notKnown() != null) {
            return failure(hook, Problem.Kind.NOT_SUPPORTED, hook.notKnown(), "", null);
        }
        HookPlace.Start start;
        try {
            start = HookPlace.of(unit, state, settings.environment()).of(hook);
        } catch (InvalidPathException e) {
            return failure(hook, Problem.Kind.INVALID_INPUT, "its working_dir is no path: " + e.getReason(), "", null);
        }
        Path folder = start.folder();
        if (!Files.isDirectory(folder)) {
            return failure(
                    hook, Problem.Kind.ENVIRONMENT, "there is no folder %s to run it in".formatted(folder), "", null);
        }
        if (start.blind() && hook.kind() == Hook.Kind.AFTER) {
            events.warning(
                    name,
                    "%s asks for outputs in %s, and they are recorded elsewhere".formatted(hook.title(), folder),
                    Remedy.sentence(
                            "let it run: ",
                            Remedy.command(Verb.OUTPUT)
                                    .in(unit.directory().toString())
                                    .with(RunOption.JSON)));
        }
        String step = "%s %s".formatted(hook.kind().block(), hook.name());
        events.started(name, step);
        Tail said = new Tail();
        Lines lines = new Lines(line -> events.on(new Event.HookSaid(name, hook.name(), secrets.hide(line))));
        try {
            Program program =
                    new Program(start.command(), folder, new HookEnvironment(unit, settings).of(hook, command));
            int status = run(program, hook.suppressStdout(), said, lines);
            lines.close();
            events.finished(name, step, status == 0 ? null : "exit code " + status, false);
            return status == 0
                    ? null
                    : failure(
                            hook,
                            Problem.Kind.ENVIRONMENT,
                            "%s ended with exit code %d".formatted(HookCommand.of(hook, secrets), status),
                            "%s in %s\n%s\nexit status %d"
                                    .formatted(String.join(" ", hook.execute()), folder, said.text(), status),
                            null);
        } catch (Program.CannotStart e) {
            events.finished(name, step, "does not start", false);
            return cannotStart(hook, folder, String.valueOf(e.getMessage()));
        }
    }

    private static int run(Program program, boolean quiet, Tail said, Lines lines)
            throws Program.CannotStart, InterruptedException {
        Program.Listener both = (buffer, length) -> {
            said.hears(buffer, length);
            lines.hears(buffer, length);
        };
        try {
            // Heard by two threads, but one after the other: what is suppressed is looked through all the same.
            return quiet
                    ? program.run(synchronizedWith(said, said), synchronizedWith(said, both), null)
                    : program.run(both, null, null);
        } catch (TimeoutException e) {
            throw new IllegalStateException(e); // there is no limit
        }
    }

    private static Program.Listener synchronizedWith(Object lock, Program.Listener listener) {
        return (buffer, length) -> {
            synchronized (lock) {
                listener.hears(buffer, length);
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
            return failure(hook, Problem.Kind.ENVIRONMENT, "%s does not start: %s".formatted(shown, why), text, null);
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
     * Makes a failure.
     *
     * @param first what can be done besides leaving hooks out; null for nothing
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
