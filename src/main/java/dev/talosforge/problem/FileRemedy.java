package dev.talosforge.problem;

import java.nio.file.FileSystemException;
import org.jspecify.annotations.Nullable;

/** What can be done about a file that cannot be read or written, by what the operating system says. */
public final class FileRemedy {
    private FileRemedy() {}

    /** Null where nothing is known. */
    public static @Nullable Remedy of(String reason) {
        if (reason.startsWith("No space left on device") || reason.startsWith("Disk quota exceeded")) {
            return Remedy.sentence("free space there, or write elsewhere: ", store())
                    .then(" for the store, iso_output_dir for ISOs");
        }
        return switch (reason) {
            case "Read-only file system" ->
                Remedy.sentence(
                        "what is built is recorded beside each unit: work on a copy of the tree that can be written; for the store: ",
                        store());
            case "Permission denied", "Operation not permitted" ->
                new Remedy.Text("check owner and mode of the file and the folder it is in");
            case "Not a directory", "File exists" -> new Remedy.Text("move away what stands there, which is no folder");
            case "File too large" ->
                Remedy.sentence(
                        "raise the limit of the shell: ulimit -f; or write to a file system that holds larger files: ",
                        store());
            case "Input/output error", "Stale file handle" ->
                new Remedy.Text("see whether the disk, or the server that it is on, is in order: dmesg");
            case "No locks available" ->
                new Remedy.Text("write to a file system with locks, or let the server's lock daemon run");
            default -> null;
        };
    }

    private static Remedy store() {
        return Remedy.give(RunOption.STORE, "DIR");
    }

    /** As {@link #of(String)}, of a failure or what caused it. */
    public static @Nullable Remedy of(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof FileSystemException file && file.getReason() != null) {
                return of(file.getReason());
            }
        }
        return null;
    }
}
