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
 * A program and how it is run: without a shell, with nothing to read unless something is given, and with this environment
 * and no other. Nothing that it started outlives it where somebody has to end it.
 *
 * @param command the program and its arguments
 * @param directory where it runs; null for where this process does
 * @param inherits whether it has the environment of this process, too
 */
public record Program(
        List<String> command, @Nullable Path directory, SortedMap<String, String> environment, boolean inherits) {
    private static final int BUFFER = 1 << 16;
    private static final byte[] NOTHING = {};

    /** How often a log is looked at. */
    private static final Duration LOOK = Duration.ofMillis(50);

    /** {@code error: 2 (No such file or directory)} and {@code error=2, No such file or directory}. */
    private static final Pattern SYSTEMS_WORDS = Pattern.compile("error[:=] ?[0-9]+(?:, | \\()([^()]+)\\)?\\s*$");

    public Program {
        command = List.copyOf(command);
        environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
    }

    /** One that sees this environment and no other. */
    public Program(List<String> command, @Nullable Path directory, SortedMap<String, String> environment) {
        this(command, directory, environment, false);
    }

    /** One that sees the environment of this process. */
    public static Program inheriting(List<String> command, @Nullable Path directory) {
        return new Program(command, directory, new TreeMap<>(), true);
    }

    /** The same with one variable more. */
    public Program with(String variable, String value) {
        SortedMap<String, String> more = new TreeMap<>(environment);
        more.put(variable, value);
        return new Program(command, directory, more, inherits);
    }

    /** Takes what a program says on one of its streams. Called by one thread, and before the program counts as ended. */
    @FunctionalInterface
    public interface Listener {
        /** Bytes {@code 0} to {@code length} of the buffer, which is the caller's. */
        void hears(byte[] buffer, int length);
    }

    /** As {@link #run(byte[], Listener, Listener, Duration)}, with nothing to read. */
    public int run(Listener out, @Nullable Listener err, @Nullable Duration limit)
            throws CannotStart, InterruptedException, TimeoutException {
        return run(NOTHING, out, err, limit);
    }

    /**
     * Runs it until it has ended and its streams are closed. What it leaves running behind it may be heard or not: the
     * JDK takes the streams away with the program's end. When this thread is interrupted, all of it is ended.
     *
     * @param input what it has to read
     * @param err null where both streams go to {@code out}, in the order in which they were written
     * @param limit after which it is ended; null for none
     * @return its exit status
     * @throws CannotStart where it does not even start
     * @throws TimeoutException where it took too long
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
     * Runs it to its end with a file in the place of a listener: nobody has to drain a pipe. When this thread is
     * interrupted, all of it is ended.
     *
     * @param limit after which it is ended
     * @return its exit status
     * @throws CannotStart where it does not even start
     * @throws TimeoutException where it took too long
     * @throws TooMuchSaid where the log became larger than it may be
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
                long said = Files.size(log.file());
                log.progress().accept(said);
                if (said > log.limit()) {
                    throw new TooMuchSaid(log.limit());
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

    /** Starts it and lets go of it: a server that goes on, with nothing to read. What it says goes behind the log. */
    public Process launch(Path log) throws CannotStart {
        return start(builder()
                .redirectErrorStream(true)
                .redirectInput(nothing())
                .redirectOutput(Redirect.appendTo(log.toFile())));
    }

    /** Starts it for somebody who talks with it by its streams and ends it. */
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

    /** A program that does not read what it gets, or has ended, is judged by what it says. */
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
            // It has ended already, or closed its input.
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

    /** A program that does not start: there is none, it may not be run, or its folder is not there. */
    public static final class CannotStart extends IOException {
        CannotStart(String why, Exception cause) {
            super(why, cause);
        }
    }

    /** A program that said more than its log may have, and was ended. */
    public static final class TooMuchSaid extends IOException {
        TooMuchSaid(long limit) {
            super("it said more than %d bytes".formatted(limit));
        }
    }
}
