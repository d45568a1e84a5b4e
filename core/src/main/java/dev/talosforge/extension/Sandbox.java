package dev.talosforge.extension;

import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Remedy;
import dev.talosforge.process.Log;
import dev.talosforge.process.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs programs isolated from the machine, using {@code bwrap}: in a separate read-only root file system with one
 * writable folder, without network and with an empty environment. They are root there but have no privileges, whoever
 * runs this. Everything they start ends with them, and they end with this process.
 *
 * <pre>
 *   /          a folder with programs, read-only
 *   /build     the one folder that is kept
 *   /tmp       gone afterwards
 *   /dev       null, zero, random and the like
 *   /proc      their own processes; the kernel's part can be read
 * </pre>
 */
public final class Sandbox {
    /** The folder that is kept, as the programs see it. */
    public static final String WORK = "/build";

    private static final String PROGRAM = "bwrap";

    private static final String CANNOT = "cannot run builds";
    private static final Path PROC = Path.of("/proc");
    private static final String HOST = "talos-forge";
    private static final long MAX_LOG = 64L << 20;
    private static final Duration PROBE_LIMIT = Duration.ofSeconds(20);
    private static final Duration UNWIND = Duration.ofSeconds(10);

    private static final List<String> APART = List.of(
            "--unshare-user",
            "--unshare-ipc",
            "--unshare-pid",
            "--unshare-net",
            "--unshare-uts",
            "--unshare-cgroup",
            "--die-with-parent",
            "--new-session",
            "--uid",
            "0",
            "--gid",
            "0",
            "--hostname",
            HOST,
            "--cap-drop",
            "ALL");

    private final String program;
    private final Path settings;

    /** The machine's own bwrap. */
    public Sandbox() {
        this(PROGRAM, Path.of("/proc/sys"));
    }

    /**
     * A sandbox with another program.
     *
     * @param settings the kernel's settings, as files
     */
    public Sandbox(String program, Path settings) {
        this.program = program;
        this.settings = settings;
    }

    /**
     * What to run.
     *
     * @param root the folder with the programs
     * @param work the folder that is kept; both belong to this user
     * @param folder the working directory, relative to {@code work}
     * @param variables the whole environment
     * @param log receives their output, appended
     * @param progress receives the size of their output, in bytes
     */
    public record Run(
            Path root,
            Path work,
            String folder,
            SortedMap<String, String> variables,
            List<String> command,
            Path log,
            Duration limit,
            LongConsumer progress) {
        public Run {
            command = List.copyOf(command);
        }
    }

    /** How it ended. */
    public enum Ending {
        /** It exited by itself. */
        ENDED,
        OUT_OF_TIME,
        /** It wrote more than a log may hold. */
        OUTPUT_LIMIT
    }

    /**
     * How it ended.
     *
     * @param status the command's exit status if it exited by itself; zero is success
     */
    public record Outcome(Ending ending, int status) {}

    /** Fails if programs cannot be isolated here. */
    public void check() throws IOException, InterruptedException {
        Problem problem = problem();
        if (problem != null) {
            throw new BuildException(problem);
        }
    }

    /** Why programs cannot be isolated here, found by trying; null if they can. The same for every build. */
    public @Nullable Problem problem() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(APART);
        command.addAll(List.of("--ro-bind", "/", "/"));
        command.addAll(processes());
        command.addAll(List.of("--dev", "/dev", "/bin/sh", "-c", ":"));
        Path log = Files.createTempFile("talos-forge-sandbox", ".log");
        try {
            Outcome outcome = onThreadOfItsOwn(command, log, PROBE_LIMIT, _ -> {});
            return outcome.ending() == Ending.ENDED && outcome.status() == 0
                    ? null
                    : Problem.failed(Problem.Kind.ENVIRONMENT, CANNOT)
                            .because(refusal(log, outcome))
                            .trying(remedy());
        } catch (Program.CannotStart e) {
            return Problem.failed(Problem.Kind.ENVIRONMENT, CANNOT)
                    .because("cannot start %s, which isolates builds from the machine".formatted(program))
                    .trying(new Remedy.Install("bubblewrap"));
        } finally {
            Files.deleteIfExists(log);
        }
    }

    private String refusal(Path log, Outcome outcome) throws IOException {
        String lastLine = LogText.last(log, 1);
        return "%s cannot make a sandbox: %s"
                .formatted(
                        program,
                        outcome.ending() != Ending.ENDED
                                ? "it did not exit within %d s".formatted(PROBE_LIMIT.toSeconds())
                                : lastLine.isEmpty() ? "it exited with code %d".formatted(outcome.status()) : lastLine);
    }

    /** The remedy, judging by the settings known to forbid user namespaces. */
    private String remedy() {
        if (is("kernel/unprivileged_userns_clone", "0")) {
            return "allow user namespaces: sysctl -w kernel.unprivileged_userns_clone=1";
        }
        if (is("user/max_user_namespaces", "0")) {
            return "allow user namespaces: sysctl -w user.max_user_namespaces=15000";
        }
        if (is("kernel/apparmor_restrict_unprivileged_userns", "1")) {
            return "allow user namespaces for bwrap in an AppArmor profile, or for all programs:"
                    + " sysctl -w kernel.apparmor_restrict_unprivileged_userns=0";
        }
        return "run it where user namespaces are allowed: on the machine itself, or in a container that may create"
                + " them and mount /proc";
    }

    private boolean is(String setting, String value) {
        try {
            return Files.readString(settings.resolve(setting)).strip().equals(value);
        } catch (IOException e) {
            return false; // a kernel without this setting
        }
    }

    /** Runs the command to its end; ends it if this thread is interrupted. */
    public Outcome run(Run run) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(APART);
        command.add("--clearenv");
        run.variables().forEach((name, value) -> command.addAll(List.of("--setenv", name, value)));
        command.addAll(List.of("--ro-bind", run.root().toString(), "/"));
        command.addAll(List.of("--bind", run.work().toString(), WORK));
        command.addAll(processes());
        command.addAll(List.of("--dev", "/dev", "--tmpfs", "/tmp"));
        command.addAll(List.of("--chdir", WORK + "/" + run.folder()));
        // Modes of new files must not depend on who runs this.
        command.addAll(List.of("/bin/sh", "-c", "umask 022; exec \"$@\"", "sh"));
        command.addAll(run.command());
        return onThreadOfItsOwn(command, run.log(), run.limit(), run.progress());
    }

    /**
     * Shows their own processes. The rest of {@code /proc}, such as the kernel's settings, is read-only: if root runs
     * this, the kernel treats them as root, who may write to it even without privileges.
     */
    private static List<String> processes() throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--proc", PROC.toString()));
        try (Stream<Path> listed = Files.list(PROC)) {
            listed.filter(path -> !Files.isSymbolicLink(path))
                    .map(Path::toString)
                    .filter(path -> !path.matches(PROC + "/[0-9]+"))
                    .sorted()
                    .forEach(path -> arguments.addAll(List.of("--ro-bind-try", path, path)));
        }
        return arguments;
    }

    /**
     * For the kernel, the parent whose death ends the program is the thread that started it. Carrier threads of virtual
     * threads come and go, so the program gets a thread that lasts.
     */
    private static Outcome onThreadOfItsOwn(List<String> command, Path log, Duration limit, LongConsumer progress)
            throws IOException, InterruptedException {
        FutureTask<Outcome> task = new FutureTask<>(() -> attended(command, log, limit, progress));
        Thread thread = Thread.ofPlatform().daemon().name("sandbox").start(task);
        try {
            return task.get();
        } catch (InterruptedException e) {
            thread.interrupt();
            thread.join(UNWIND);
            throw e;
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException io -> throw io;
                case null, default -> throw new IllegalStateException(e);
            }
        }
    }

    private static Outcome attended(List<String> command, Path log, Duration limit, LongConsumer progress)
            throws IOException, InterruptedException {
        // The sandbox's first process shows the environment it was started with.
        Program bwrap = new Program(command, null, new TreeMap<>());
        try {
            return new Outcome(Ending.ENDED, bwrap.run(new Log(log, true, MAX_LOG, progress), limit));
        } catch (Program.OutputLimitExceeded e) {
            return new Outcome(Ending.OUTPUT_LIMIT, -1);
        } catch (TimeoutException e) {
            return new Outcome(Ending.OUT_OF_TIME, -1);
        }
    }
}
