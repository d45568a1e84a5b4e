package dev.talosforge.pipeline.context;

import dev.talosforge.bytes.DamagedException;
import dev.talosforge.bytes.DiskName;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.LimitException;
import dev.talosforge.bytes.NamedFailure;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Exhausted;
import dev.talosforge.problem.FileRemedy;
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

/** Failures of files and formats that no step has explained in its own words: still somebody's to mend. */
public final class Failures {
    private static final Pattern NAME_AND_REASON = Pattern.compile("(.+) \\(([^()]+)\\)", Pattern.DOTALL);

    private Failures() {}

    /** Work on something that came from outside. */
    @FunctionalInterface
    public interface Work<T> {
        T get() throws IOException, InterruptedException;
    }

    /**
     * Does work on an artifact. That its bytes are broken, or that they do not fit where they have to go, is told in
     * its name: only here is known which one it was.
     *
     * @param what cannot be done then: "cannot use extension ghcr.io/siderolabs/crun:1.24"
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

    /** Whether somebody asked for the end: no failure, and nobody's fault. */
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

    /** Of failures of one kind that happened side by side with others, which may have happened so, too. */
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
                        .because(
                                DiskName.isUtf8()
                                        ? path.getReason()
                                        : "the locale's character map is %s, and the path is beyond it"
                                                .formatted(DiskName.encoding()))
                        .trying(DiskName.isUtf8() ? null : "export LC_ALL=C.UTF-8");
            case FormatException format ->
                Problem.failed(Problem.Kind.BAD_ARTIFACT, "cannot read " + format.structure())
                        .because(String.valueOf(format.getMessage()));
            case LimitException limit ->
                Problem.failed(Problem.Kind.BAD_ARTIFACT, "cannot write what was asked for")
                        .because(String.valueOf(limit.getMessage()));
            case DamagedException damaged ->
                Problem.failed(Problem.Kind.ENVIRONMENT, "cannot use what earlier runs left")
                        .because(String.valueOf(damaged.getMessage()))
                        .trying("run it again: it was thrown away, and is made again");
            case NoSuchFileException missing ->
                Problem.failed(Problem.Kind.ENVIRONMENT, "cannot open " + missing.getFile())
                        .because("there is no such file");
            case AccessDeniedException denied ->
                Problem.failed(Problem.Kind.ENVIRONMENT, "cannot use " + denied.getFile())
                        .because("the operating system denies it")
                        .trying("check owner and mode of the file and the folder it is in");
            case FileSystemException file -> ofFile(file);
            case FileNotFoundException file -> {
                // Streams say the name and the reason in one: "/tree/file (Read-only file system)".
                Matcher said = NAME_AND_REASON.matcher(String.valueOf(file.getMessage()));
                yield said.matches()
                        ? ofFile(new FileSystemException(said.group(1), null, said.group(2)))
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

    /** When it is told, the unfinished file is gone again. */
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
