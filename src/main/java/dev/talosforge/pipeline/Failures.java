package dev.talosforge.pipeline;

import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.LimitException;
import dev.talosforge.problem.Problem;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/** Failures of files and formats that no step has explained in its own words: still somebody's to mend. */
public final class Failures {
    private Failures() {}

    /** The problem, or null when the failure is ours. */
    public static @Nullable Problem explain(Exception e) {
        return switch (e) {
            case FormatException format ->
                new Problem(
                        Problem.Kind.BAD_ARTIFACT,
                        "cannot read " + format.structure(),
                        null,
                        String.valueOf(format.getMessage()),
                        null);
            case LimitException limit ->
                new Problem(
                        Problem.Kind.BAD_ARTIFACT,
                        "cannot write what was asked for",
                        null,
                        String.valueOf(limit.getMessage()),
                        null);
            case NoSuchFileException missing ->
                new Problem(
                        Problem.Kind.ENVIRONMENT,
                        "cannot open " + missing.getFile(),
                        null,
                        "there is no such file",
                        null);
            case AccessDeniedException denied ->
                new Problem(
                        Problem.Kind.ENVIRONMENT,
                        "cannot use " + denied.getFile(),
                        null,
                        "the operating system denies it",
                        "check owner and mode of the file and the folder it is in");
            case FileSystemException file ->
                new Problem(
                        Problem.Kind.ENVIRONMENT,
                        "cannot use " + file.getFile(),
                        null,
                        file.getReason() == null ? file.toString() : file.getReason(),
                        null);
            case IOException io ->
                new Problem(
                        Problem.Kind.ENVIRONMENT,
                        "cannot go on",
                        null,
                        io.getMessage() == null ? io.toString() : io.getMessage(),
                        null);
            default -> null;
        };
    }
}
