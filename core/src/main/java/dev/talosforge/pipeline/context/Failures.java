package dev.talosforge.pipeline.context;

import dev.talosforge.bytes.DamagedException;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.LimitException;
import dev.talosforge.bytes.NamedFailure;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Exhausted;
import dev.talosforge.problem.FileRemedy;
import dev.talosforge.problem.NameProblem;
import dev.talosforge.problem.Problem;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Explains failures of files and formats that no step has explained: somebody can still fix them. */
public final class Failures {
    private static final Pattern NAME_AND_REASON = Pattern.compile("(.+) \\(([^()]+)\\)", Pattern.DOTALL);

    private Failures() {}

    /** Work on something that came from outside. */
    @FunctionalInterface
    public interface Work<T> {
        T get() throws IOException, InterruptedException;
    }

    /**
     * Does work on an artifact. If its bytes are damaged, or do not fit where they go, the problem names the artifact:
     * only here is it known.
     *
     * @param what cannot be done: "cannot use extension ghcr.io/siderolabs/crun:1.24"
     */
    public static <T> T named(String what, Work<T> work) throws IOException, InterruptedException {
        try {
            return work.get();
        } catch (FormatException | LimitException e) {
            throw new BuildException(
                    Problem.failed(Problem.Kind.BAD_ARTIFACT, what).because(String.valueOf(e.getMessage())), e);
        } catch (VirtualMachineError e) {
            Problem exhausted = Exhausted.problem(what, e);
            if (exhausted == null) {
                throw e;
            }
            throw new BuildException(exhausted, e);
        }
    }

    /** Whether the run was interrupted, which is not a failure. */
    public static boolean interrupted(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof InterruptedException
                    || cause instanceof ClosedByInterruptException
                    || (cause instanceof InterruptedIOException && !(cause instanceof SocketTimeoutException))) {
                return true;
            }
        }
        return false;
    }

    /**
     * All problems of a failure, and of those that happened at the same time and are attached to it; empty when the
     * failure is ours.
     */
    public static List<Problem> problems(Throwable e) {
        LinkedHashSet<Problem> problems = new LinkedHashSet<>();
        if (e instanceof BuildException explained) {
            problems.addAll(explained.problems());
        } else {
            Problem exhausted = Exhausted.problem("cannot go on", e);
            Problem problem = exhausted == null ? explain(e) : exhausted;
            if (problem == null) {
                return List.of();
            }
            problems.add(problem);
        }
        for (Throwable other : e.getSuppressed()) {
            addAttached(other, problems);
        }
        return List.copyOf(problems);
    }

    /** Adds failures that happened at the same time, which may have others attached in turn. */
    private static void addAttached(Throwable e, Set<Problem> problems) {
        if (e instanceof BuildException explained) {
            problems.addAll(explained.problems());
            for (Throwable other : e.getSuppressed()) {
                addAttached(other, problems);
            }
        }
    }

    private static @Nullable Problem explain(Throwable e) {
        return switch (e) {
            case UncheckedIOException unchecked -> {
                Throwable cause = unchecked.getCause();
                yield cause == null ? null : explain(cause);
            }
            case InvalidPathException path ->
                Problem.failed(Problem.Kind.INVALID_INPUT, "cannot use the path \"%s\"".formatted(path.getInput()))
                        .because(NameProblem.why(path.getReason()))
                        .trying(NameProblem.remedy(null));
            case FormatException format ->
                Problem.failed(Problem.Kind.BAD_ARTIFACT, "cannot read " + format.structure())
                        .because(String.valueOf(format.getMessage()));
            case LimitException limit ->
                Problem.failed(Problem.Kind.BAD_ARTIFACT, "cannot write the result")
                        .because(String.valueOf(limit.getMessage()));
            case DamagedException damaged ->
                Problem.failed(Problem.Kind.ENVIRONMENT, "cannot use the results of earlier runs")
                        .because(String.valueOf(damaged.getMessage()))
                        .trying("run it again: the damaged part was discarded and will be rebuilt");
            case NoSuchFileException missing ->
                Problem.failed(Problem.Kind.ENVIRONMENT, "cannot open " + missing.getFile())
                        .because("there is no such file");
            case AccessDeniedException denied ->
                Problem.failed(Problem.Kind.ENVIRONMENT, "cannot use " + denied.getFile())
                        .because("the operating system denies it")
                        .trying("check the owner and mode of the file and of its folder");
            case FileSystemException file -> ofFile(file);
            case FileNotFoundException file -> {
                // Streams say the name and the reason in one: "/tree/file (Read-only file system)".
                Matcher match = NAME_AND_REASON.matcher(String.valueOf(file.getMessage()));
                yield match.matches()
                        ? ofFile(new FileSystemException(match.group(1), null, match.group(2)))
                        : Problem.failed(Problem.Kind.ENVIRONMENT, "cannot go on")
                                .because(String.valueOf(file.getMessage()));
            }
            case IOException io ->
                Problem.failed(Problem.Kind.ENVIRONMENT, "cannot go on")
                        .because(io.getMessage() == null ? io.toString() : io.getMessage());
            default -> null;
        };
    }

    private static Problem ofFile(FileSystemException failure) {
        String file = failure.getFile() == null ? "a file" : failure.getFile();
        String reason = failure.getReason() == null ? failure.toString() : failure.getReason();
        boolean full = NamedFailure.isFull(reason);
        return Problem.failed(Problem.Kind.ENVIRONMENT, (full ? "cannot write " : "cannot use ") + file)
                .because(full ? reason + free(file) : reason)
                .trying(FileRemedy.of(reason));
    }

    /** By the time this is reported, the unfinished file is removed. */
    private static String free(String file) {
        try {
            Path folder = Path.of(file).toAbsolutePath().getParent();
            return folder == null
                    ? ""
                    : "; without it %d bytes are free in %s"
                            .formatted(Files.getFileStore(folder).getUsableSpace(), folder);
        } catch (IOException | InvalidPathException e) {
            return "";
        }
    }
}
