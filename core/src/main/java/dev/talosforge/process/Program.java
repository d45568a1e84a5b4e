package dev.talosforge.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A program and how to run it: without a shell, with empty standard input unless input is given, and with exactly this
 * environment. If the program has to be ended, everything it started ends with it.
 *
 * @param command the program and its arguments
 * @param directory the working directory; null for that of this process
 * @param inherits whether it also gets the environment of this process
 */
public record Program(
        List<String> command, @Nullable Path directory, SortedMap<String, String> environment, boolean inherits) {
    private static final int BUFFER = 1 << 16;
    private static final byte[] NOTHING = {};

    /** How often a log is checked. */
    private static final Duration LOOK = Duration.ofMillis(50);

    /** {@code error: 2 (No such file or directory)} and {@code error=2, No such file or directory}. */
    private static final Pattern SYSTEMS_WORDS = Pattern.compile("error[:=] ?[0-9]+(?:, | \\()([^()]+)\\)?\\s*$");

    public Program {
        command = List.copyOf(command);
        environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
    }

    /** A program with exactly this environment. */
    public Program(List<String> command, @Nullable Path directory, SortedMap<String, String> environment) {
        this(command, directory, environment, false);
    }

    /** A program with the environment of this process. */
    public static Program inheriting(List<String> command, @Nullable Path directory) {
        return new Program(command, directory, new TreeMap<>(), true);
    }

    /** The same program with one more variable. */
    public Program with(String variable, String value) {
        SortedMap<String, String> more = new TreeMap<>(environment);
        more.put(variable, value);
        return new Program(command, directory, more, inherits);
    }

    /**
     * Receives what a program writes to one of its streams. Called by one thread, and only before the program counts as
     * ended.
     */
    @FunctionalInterface
    public interface Listener {
        /** Bytes {@code 0} to {@code length} of the buffer, which is the caller's. */
        void accept(byte[] buffer, int length);
    }

    /** As {@link #run(byte[], Listener, Listener, Duration)}, without input. */
    public int run(Listener out, @Nullable Listener err, @Nullable Duration limit)
            throws CannotStart, InterruptedException, TimeoutException {
        return run(NOTHING, out, err, limit);
    }

    /**
     * Runs the program until it has ended and its streams are closed. Output of processes that it leaves running may be
     * lost: the JDK closes the streams when the program ends. If this thread is interrupted, the program and everything
     * it started are ended.
     *
     * @param input its standard input
     * @param err null to send both streams to {@code out}, in the order in which they were written
     * @param limit the time after which it is ended; null for none
     * @return its exit status
     * @throws CannotStart if it cannot be started
     * @throws TimeoutException if it took too long
     */
    public int run(byte[] input, Listener out, @Nullable Listener err, @Nullable Duration limit)
            throws CannotStart, InterruptedException, TimeoutException {
        Process process = start(builder().redirectErrorStream(err == null));
        feed(process, input);
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
                Ending.all(process);
            }
        }
    }

    /**
     * Runs the program to its end with a file in place of a listener, so that no pipe has to be drained. If this thread
     * is interrupted, the program and everything it started are ended.
     *
     * @param limit the time after which it is ended
     * @return its exit status
     * @throws CannotStart if it cannot be started
     * @throws TimeoutException if it took too long
     * @throws OutputLimitExceeded if the log grew beyond its limit
     */
    public int run(Log log, Duration limit) throws IOException, InterruptedException, TimeoutException {
        Redirect to = log.appended()
                ? Redirect.appendTo(log.file().toFile())
                : Redirect.to(log.file().toFile());
        long begin = System.nanoTime();
        Process process = start(
                builder().redirectErrorStream(true).redirectInput(nothing()).redirectOutput(to));
        boolean ended = false;
        try {
            while (!process.waitFor(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                long size = Files.size(log.file());
                log.progress().accept(size);
                if (size > log.limit()) {
                    throw new OutputLimitExceeded(log.limit());
                }
                if (System.nanoTime() - begin > limit.toNanos()) {
                    throw new TimeoutException();
                }
            }
            ended = true;
            return process.exitValue();
        } finally {
            if (!ended) {
                Ending.all(process);
            }
        }
    }

    /** Starts the program and leaves it running, as a server without input. Its output is appended to the log. */
    public Process launch(Path log) throws CannotStart {
        return start(builder()
                .redirectErrorStream(true)
                .redirectInput(nothing())
                .redirectOutput(Redirect.appendTo(log.toFile())));
    }

    /** Starts the program for a caller that talks to it over its streams and ends it. */
    public Process converse(Path errors) throws CannotStart {
        return start(builder().redirectError(errors.toFile()));
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

    private ProcessBuilder builder() {
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory == null ? null : directory.toFile());
        if (!inherits) {
            builder.environment().clear();
        }
        return builder;
    }

    private Process start(ProcessBuilder builder) throws CannotStart {
        try {
            builder.environment().putAll(environment);
            return builder.start();
        } catch (IOException e) {
            throw new CannotStart(why(e), e);
        } catch (IllegalArgumentException e) {
            throw new CannotStart(String.valueOf(e.getMessage()), e); // a NUL in a variable
        }
    }

    private static Redirect nothing() {
        return Redirect.from(Path.of("/dev/null").toFile());
    }

    /** A program that does not read its input, or has ended, is judged by its output. */
    private static void feed(Process process, byte[] input) {
        if (input.length == 0) {
            write(process.getOutputStream(), input);
        } else {
            Thread.ofVirtual().start(() -> write(process.getOutputStream(), input));
        }
    }

    private static void write(OutputStream stream, byte[] input) {
        try (stream) {
            stream.write(input);
        } catch (IOException e) {
            // It has already ended or closed its input.
        }
    }

    /** The operating system's own words, as far as they can be extracted from the JDK's message. */
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
                    listener.accept(buffer, length);
                }
            } catch (IOException e) {
                // The stream was closed because the program is being ended.
            }
        });
    }

    /** A program that cannot be started: it does not exist, may not be run, or its working directory does not exist. */
    public static final class CannotStart extends IOException {
        CannotStart(String why, Exception cause) {
            super(why, cause);
        }
    }

    /** A program that wrote more than its log may hold, and was ended. */
    public static final class OutputLimitExceeded extends IOException {
        OutputLimitExceeded(long limit) {
            super("it wrote more than %d bytes".formatted(limit));
        }
    }
}
