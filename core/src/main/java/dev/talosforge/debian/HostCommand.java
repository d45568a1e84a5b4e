package dev.talosforge.debian;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.talosforge.bytes.OpenFile;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.process.Log;
import dev.talosforge.process.Program;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Runs a program of this machine to its end. Its output goes to a file, so that no pipe has to be drained. */
public final class HostCommand {
    private static final int SHOWN_LINES = 12;
    private static final int MAX_OUTPUT = 64 << 20;

    private final Path folder;
    private final Path log;
    private final @Nullable String remedy;

    /**
     * Sets where to run programs.
     *
     * @param folder the programs' working directory
     * @param log receives a program's output; the next program overwrites it
     */
    public HostCommand(Path folder, Path log) {
        this(folder, log, null);
    }

    private HostCommand(Path folder, Path log, @Nullable String remedy) {
        this.folder = folder;
        this.log = log;
        this.remedy = remedy;
    }

    /** The same, with a remedy for when the program fails. */
    HostCommand with(@Nullable String otherRemedy) {
        return new HostCommand(folder, log, otherRemedy);
    }

    /**
     * Returns the program's output. A program that is missing, fails or takes longer than {@code limit} is a problem of
     * this machine.
     *
     * @param what cannot be done if it fails, in the user's words
     * @param missing what to do if the program is missing
     */
    public String run(String what, String missing, Duration limit, List<String> command) throws IOException {
        String program = command.getFirst();
        int status;
        try {
            status = Program.inheriting(command, folder).with("LC_ALL", "C").run(Log.of(log, MAX_OUTPUT), limit);
        } catch (Program.CannotStart e) {
            throw cannotStart(what, missing, program, e);
        } catch (Program.OutputLimitExceeded e) {
            throw failed(what, "%s printed more than %d bytes".formatted(program, MAX_OUTPUT));
        } catch (TimeoutException e) {
            throw failed(what, "%s did not end within %d s".formatted(program, limit.toSeconds()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + program + " ran", e);
        }
        String output = new String(OpenFile.read(log), UTF_8);
        if (status != 0) {
            throw failed(what, "%s exited with code %d%n%s".formatted(program, status, lastLines(output)));
        }
        return output;
    }

    /**
     * The problem that a program is missing.
     *
     * @param missing what to do about it
     */
    public static BuildException cannotStart(String what, String missing, String program, Program.CannotStart cause) {
        return new BuildException(
                Problem.failed(Problem.Kind.ENVIRONMENT, what)
                        .because(program + " cannot be started")
                        .trying(missing),
                cause);
    }

    public static String lastLines(String output) {
        List<String> lines = output.lines().filter(line -> !line.isBlank()).toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size()));
    }

    private BuildException failed(String what, String why) {
        return new BuildException(
                Problem.failed(Problem.Kind.ENVIRONMENT, what).because(why).trying(remedy));
    }
}
