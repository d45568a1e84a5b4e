package dev.talosforge.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A program and how it is run: without a shell, with nothing to read, and with this environment and no other. Nothing
 * that it started outlives it where somebody has to end it.
 *
 * @param command the program and its arguments
 * @param directory where it runs
 */
public record Program(List<String> command, Path directory, SortedMap<String, String> environment) {
    private static final int BUFFER = 1 << 16;

    /** {@code error: 2 (No such file or directory)} and {@code error=2, No such file or directory}. */
    private static final Pattern SYSTEMS_WORDS = Pattern.compile("error[:=] ?[0-9]+(?:, | \\()([^()]+)\\)?\\s*$");

    /** How long programs have to end by themselves once they are asked to. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    public Program {
        command = List.copyOf(command);
        environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
    }

    /** Takes what a program says on one of its streams. Called by one thread, and before the program counts as ended. */
    @FunctionalInterface
    public interface Listener {
        /** Bytes {@code 0} to {@code length} of the buffer, which is the caller's. */
        void hears(byte[] buffer, int length);
    }

    /**
     * Runs it until it has ended and its streams are closed. What it leaves running behind it may be heard or not: the
     * JDK takes the streams away with the program's end. When this thread is interrupted, all of it is ended.
     *
     * @param err null where both streams go to {@code out}, in the order in which they were written
     * @param limit after which it is ended; null for none
     * @return its exit status
     * @throws CannotStart where it does not even start
     * @throws TimeoutException where it took too long
     */
    public int run(Listener out, @Nullable Listener err, @Nullable Duration limit)
            throws CannotStart, InterruptedException, TimeoutException {
        Process process = start(err == null);
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // It has ended already.
        }
        long end = limit == null ? 0 : System.nanoTime() + limit.toNanos();
        boolean ended = false;
        try {
            Thread outs = listen(process.getInputStream(), out);
            Thread errs = err == null ? null : listen(process.getErrorStream(), err);
            ended = ends(process, outs, end, limit != null) && (errs == null || joins(errs, end, limit != null));
            if (!ended) {
                throw new TimeoutException();
            }
            return process.exitValue();
        } finally {
            if (!ended) {
                endAll(process);
            }
        }
    }

    private static boolean ends(Process process, Thread outs, long end, boolean limited) throws InterruptedException {
        if (!limited) {
            outs.join();
            process.waitFor();
            return true;
        }
        return process.waitFor(end - System.nanoTime(), TimeUnit.NANOSECONDS) && joins(outs, end, true);
    }

    private static boolean joins(Thread thread, long end, boolean limited) throws InterruptedException {
        if (!limited) {
            thread.join();
            return true;
        }
        return thread.join(Duration.ofNanos(Math.max(end - System.nanoTime(), 1)));
    }

    private Process start(boolean oneStream) throws CannotStart {
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(oneStream);
            builder.environment().clear();
            builder.environment().putAll(environment);
            return builder.start();
        } catch (IOException e) {
            throw new CannotStart(why(e), e);
        } catch (IllegalArgumentException e) {
            throw new CannotStart(String.valueOf(e.getMessage()), e); // a NUL in a variable
        }
    }

    /** The operating system's own words, as far as they can be told from the JDK's. */
    private static String why(IOException e) {
        String message = String.valueOf(e.getMessage());
        Matcher words = SYSTEMS_WORDS.matcher(message);
        return words.find() ? words.group(1) : message;
    }

    private static Thread listen(InputStream stream, Listener listener) {
        return Thread.ofVirtual().start(() -> {
            byte[] buffer = new byte[BUFFER];
            try (stream) {
                for (int length = stream.read(buffer); length >= 0; length = stream.read(buffer)) {
                    listener.hears(buffer, length);
                }
            } catch (IOException e) {
                // The stream was closed because the program is ended.
            }
        });
    }

    /** Asks the program and all that it started to end, and ends what does not. */
    private static void endAll(Process process) {
        List<ProcessHandle> all = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        all.forEach(ProcessHandle::destroy);
        boolean interrupted = Thread.interrupted();
        try {
            process.waitFor(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        List<ProcessHandle> rest =
                Stream.concat(process.descendants(), all.stream()).toList();
        rest.forEach(ProcessHandle::destroyForcibly);
        // A signal is not the end yet: whoever goes on here finds nothing of it running.
        CompletableFuture.allOf(rest.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new))
                .completeOnTimeout(null, LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS)
                .join();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** A program that does not start: there is none, it may not be run, or its folder is not there. */
    public static final class CannotStart extends IOException {
        CannotStart(String why, Exception cause) {
            super(why, cause);
        }
    }
}
