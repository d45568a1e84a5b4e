package dev.talosforge.debian;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.talosforge.bytes.OpenFile;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs a program of this machine to its end. Its output goes to a file, so that nobody has to drain a pipe. */
public final class HostCommand {
    private static final int SHOWN_LINES = 12;

    private final Path folder;
    private final Path log;
    private final @Nullable String remedy;

    /**
     * A place to run programs in.
     *
     * @param folder is the programs' working folder
     * @param log takes what a program prints, and is replaced by the next one
     */
    public HostCommand(Path folder, Path log) {
        this(folder, log, null);
    }

    private HostCommand(Path folder, Path log, @Nullable String remedy) {
        this.folder = folder;
        this.log = log;
        this.remedy = remedy;
    }

    /** The same, for a program whose failure somebody can do something about. */
    HostCommand with(@Nullable String otherRemedy) {
        return new HostCommand(folder, log, otherRemedy);
    }

    /**
     * Everything the program printed. A program that is missing, fails or takes longer than {@code limit} is a problem
     * of this machine.
     *
     * @param what could not be done when it fails, in the user's words
     * @param missing what to do when the program is missing
     */
    public String run(String what, String missing, Duration limit, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(log.toFile());
        builder.environment().put("LC_ALL", "C");
        Process process = start(what, missing, builder);
        try {
            if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
                throw failed(what, "%s did not end within %d s".formatted(command.getFirst(), limit.toSeconds()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + command.getFirst() + " ran", e);
        } finally {
            process.destroyForcibly();
        }
        String output = new String(OpenFile.read(log), UTF_8);
        if (process.exitValue() != 0) {
            throw failed(
                    what,
                    "%s ended with status %d%n%s"
                            .formatted(command.getFirst(), process.exitValue(), lastLines(output)));
        }
        return output;
    }

    /**
     * Starts a program; one that is not there is a problem.
     *
     * @param missing what to do then
     */
    public static Process start(String what, String missing, ProcessBuilder builder) {
        try {
            return builder.start();
        } catch (IOException e) {
            String program = builder.command().getFirst();
            throw new BuildException(
                    new Problem(Problem.Kind.ENVIRONMENT, what, null, program + " cannot be started", missing), e);
        }
    }

    public static String lastLines(String output) {
        List<String> lines = output.lines().filter(line -> !line.isBlank()).toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size()));
    }

    private BuildException failed(String what, String why) {
        return new BuildException(new Problem(Problem.Kind.ENVIRONMENT, what, null, why, remedy), null);
    }
}
