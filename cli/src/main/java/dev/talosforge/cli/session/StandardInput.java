package dev.talosforge.cli.session;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * What another program hands to this one, or a person types.
 *
 * @param terminal whether a person would have to type it
 */
public record StandardInput(InputStream stream, boolean terminal) {
    /** Where Linux shows what the input is, also if only the output is redirected. */
    private static final Path LINK = Path.of("/proc/self/fd/0");

    /** An empty one. */
    public static StandardInput none() {
        return new StandardInput(InputStream.nullInputStream(), false);
    }

    /** That of this process. */
    public static StandardInput ofProcess() {
        return new StandardInput(System.in, isTerminal());
    }

    @SuppressWarnings("SystemConsoleNull") // the annotated JDK still marks it as nullable
    private static boolean isTerminal() {
        var console = System.console();
        if (console != null && console.isTerminal()) {
            return true;
        }
        try {
            String device = Files.readSymbolicLink(LINK).toString();
            return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty") || device.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            return false; // a system without /proc
        }
    }

    /**
     * Everything, up to a number of bytes. The caller may be interrupted, which a read of the system may not: a thread
     * that does not keep the process alive waits for it.
     */
    public byte[] read(int limit) throws IOException, InterruptedException {
        FutureTask<byte[]> reading = new FutureTask<>(() -> stream.readNBytes(limit));
        Thread.ofPlatform().daemon().name("stdin").start(reading);
        try {
            return reading.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
        }
    }
}
