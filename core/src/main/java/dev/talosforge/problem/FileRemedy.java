package dev.talosforge.problem;

import dev.talosforge.bytes.NamedFailure;
import java.nio.file.FileSystemException;
import org.jspecify.annotations.Nullable;

/** The remedy for a file that cannot be read or written, chosen by the operating system's message. */
public final class FileRemedy {
    private FileRemedy() {}

    /** Null if no remedy is known. */
    public static @Nullable Remedy of(String reason) {
        if (NamedFailure.isFull(reason)) {
            return Remedy.sentence("free up space there, or write elsewhere: ", store())
                    .then(" for the store, iso_output_dir for ISOs");
        }
        return switch (reason) {
            case "Read-only file system" ->
                Remedy.sentence(
                        "write elsewhere: results are recorded in the unit's folder, ISOs go to iso_output_dir; for the store: ",
                        store());
            case "Permission denied", "Operation not permitted" ->
                new Remedy.Text("check the owner and mode of the file and of its folder");
            case "Not a directory", "File exists" -> new Remedy.Text("a file is in the way of a folder: move it away");
            case "File too large" ->
                Remedy.sentence(
                        "raise the shell's limit: ulimit -f; or write to a file system that allows larger files: ",
                        store());
            case "Input/output error", "Stale file handle" ->
                new Remedy.Text("check the disk, or the server it is on: dmesg");
            case "No locks available" ->
                new Remedy.Text("write to a file system that supports locks, or start the server's lock daemon");
            default -> null;
        };
    }

    private static Remedy store() {
        return Remedy.give(RunOption.STORE, "DIR");
    }

    /** Like {@link #of(String)}, for a failure or its cause. */
    public static @Nullable Remedy of(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof FileSystemException file && file.getReason() != null) {
                return of(file.getReason());
            }
        }
        return null;
    }
}
