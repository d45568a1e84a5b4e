package dev.talosforge.lab;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.debian.HostCommand;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A machine running in QEMU: its serial console can be watched, it can run commands if the lab's stand-in booted, and
 * it can be switched off. One thread at a time.
 */
public final class Machine implements AutoCloseable {
    private static final String PANIC = "Kernel panic - not syncing";

    /** What Linux prints if this computer is too busy to emulate a timer; another start often works. */
    private static final String NO_TIMER = "IO-APIC + timer doesn't work";

    private static final int STARTS = 4;
    private static final int POLL_MILLISECONDS = 100;
    private static final int MAX_SERIAL = 16 << 20;

    private final String title;
    private final Supplier<Process> qemu;
    private final Path serialLog;
    private final Path errors;
    private final InstantSource clock;
    private final Instant start;
    private Process process;
    private ControlPort control;
    private int starts = 1;

    Machine(String title, Supplier<Process> qemu, Path serialLog, Path errors, InstantSource clock) {
        this.title = title;
        this.qemu = qemu;
        this.serialLog = serialLog;
        this.errors = errors;
        this.clock = clock;
        this.start = clock.instant();
        this.process = qemu.get();
        this.control = new ControlPort(process.getOutputStream(), process.getInputStream());
    }

    /** The console's output so far; the file is kept. */
    public Path serialLog() {
        return serialLog;
    }

    /** The image's own report, once it is ready. See {@link QemuBoot#boot}. */
    public BootReport awaitReady(Duration limit) throws IOException {
        Waiting waiting = new Waiting("cannot boot " + title, "it was not ready", limit);
        while (true) {
            boolean ended = ended();
            String serial = serial();
            BootReport report = BootReport.read(
                    serial, Duration.between(start, clock.instant()).toMillis());
            if (report.isReady()) {
                return report;
            }
            if (report.failure() != null) {
                throw failed(waiting.what(), report.failure(), serial, false);
            }
            waiting.goesOn(ended, serial);
        }
    }

    /** The first part of the console that matches, once it is there; lines end with a newline. */
    public Matcher awaitConsole(Pattern pattern, Duration limit) throws IOException {
        Waiting waiting =
                new Waiting("cannot go on with " + title, "the console did not show \"" + pattern + "\"", limit);
        while (true) {
            boolean ended = ended();
            String serial = serial();
            Matcher found = pattern.matcher(serial);
            if (found.find()) {
                return found;
            }
            waiting.goesOn(ended, serial);
        }
    }

    /** Runs a command of the stand-in's shell to its end and returns everything it printed, up to a megabyte. */
    public CommandAnswer run(String command, Duration limit) throws IOException {
        String what = "cannot run \"" + command + "\" in " + title;
        Waiting waiting = new Waiting(what, "there was no answer", limit);
        waiting.goesOn(!process.isAlive(), serial());
        long number = control.ask(command);
        while (true) {
            boolean ended = ended();
            CommandAnswer answer = control.answer(number);
            if (answer != null) {
                return answer;
            }
            waiting.goesOn(ended, serial());
        }
    }

    /** The same for a command that must succeed; its output. */
    public String output(String command, Duration limit) throws IOException {
        CommandAnswer answer = run(command, limit);
        if (answer.status() != 0) {
            throw failed(
                    "cannot run \"" + command + "\" in " + title,
                    "it ended with status %d and printed: %s"
                            .formatted(answer.status(), answer.output().strip()),
                    serial(),
                    false);
        }
        return answer.output();
    }

    /** Asks the stand-in to stop its services and switch the machine off, and waits for it. */
    public void powerOff(Duration limit) throws IOException {
        Waiting waiting = new Waiting("cannot switch off " + title, "it was still running", limit);
        control.ask("machine_stop");
        while (!ended()) {
            waiting.goesOn(false, serial());
        }
    }

    /** Ends the machine as if its plug were pulled. */
    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        ended();
    }

    private void startAgain() throws IOException {
        close();
        Files.write(serialLog, new byte[0]);
        starts++;
        process = qemu.get();
        control = new ControlPort(process.getOutputStream(), process.getInputStream());
    }

    private boolean ended() throws IOException {
        try {
            return process.waitFor(POLL_MILLISECONDS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + title + " ran", e);
        }
    }

    private String serial() throws IOException {
        return new String(ByteSource.of(serialLog).readAll("serial console", MAX_SERIAL), ISO_8859_1)
                .replace("\r\n", "\n");
    }

    private BuildException failed(String what, String why, String serial, boolean machineFailed) {
        return new BuildException(
                Problem.failed(machineFailed ? Problem.Kind.ENVIRONMENT : Problem.Kind.BAD_ARTIFACT, what)
                        .because(why + System.lineSeparator() + HostCommand.lastLines(printable(serial)))
                        .trying("the whole console is in " + serialLog));
    }

    /** Without what a firmware menu sends to draw itself. */
    private static String printable(String serial) {
        return serial.replaceAll("\\x1b\\[[0-9;?=]*[A-Za-z]", "").replaceAll("[^\\n\\x20-\\x7e]", "");
    }

    /** Waiting for something, and why it is given up. */
    private final class Waiting {
        private final String what;
        private final String tooLate;
        private final Duration limit;
        private final Instant since = clock.instant();

        Waiting(String what, String tooLate, Duration limit) {
            this.what = what;
            this.tooLate = tooLate;
            this.limit = limit;
        }

        String what() {
            return what;
        }

        void goesOn(boolean ended, String serial) throws IOException {
            if (ended && serial.isBlank()) {
                throw failed(
                        what,
                        "QEMU ended: " + HostCommand.lastLines(Files.readString(errors, ISO_8859_1)),
                        serial,
                        true);
            }
            if (serial.contains(NO_TIMER) && starts < STARTS) {
                startAgain();
                return;
            }
            if (serial.contains(PANIC)) {
                throw failed(what, "the kernel panicked", serial, false);
            }
            if (ended) {
                throw failed(what, "the machine was switched off before", serial, false);
            }
            if (Duration.between(since, clock.instant()).compareTo(limit) > 0) {
                throw failed(what, "%s within %d s".formatted(tooLate, limit.toSeconds()), serial, false);
            }
        }
    }
}
