package dev.talosforge.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.talosforge.debian.HostCommand;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.process.Program;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A server that outlives this program, recorded in a file with its process id and start time: the id alone may belong
 * to another process later.
 *
 * @param name of the server, and of its files
 * @param folder holds {@code NAME.pid} and {@code NAME.log}
 */
record DetachedProcess(String name, Path folder) {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** A running server may still be making its certificates, which takes a busy computer more than half a minute. */
    private static final Duration START = Duration.ofMinutes(5);

    private static final int POLL_MILLISECONDS = 50;
    private static final int CONNECT_MILLISECONDS = 1000;

    /** Starts the program in a session of its own, so that an interrupt of the terminal does not reach it. */
    void start(String debianPackage, List<String> command) throws IOException {
        List<String> apart = new java.util.ArrayList<>(List.of("setsid"));
        apart.addAll(command);
        Process process;
        try {
            process = Program.inheriting(apart, folder).launch(log());
        } catch (Program.CannotStart e) {
            throw HostCommand.cannotStart(
                    "cannot start " + name, "apt-get install " + debianPackage, apart.getFirst(), e);
        }
        Files.writeString(pidFile(), process.pid() + " " + startOf(process.toHandle()) + "\n", UTF_8);
    }

    /** The process, if it is running. */
    Optional<ProcessHandle> running() throws IOException {
        if (!Files.exists(pidFile())) {
            return Optional.empty();
        }
        String[] noted = Files.readString(pidFile(), UTF_8).strip().split(" ", 2);
        if (!noted[0].matches("\\d{1,9}") || noted.length < 2) {
            return Optional.empty();
        }
        return ProcessHandle.of(Long.parseLong(noted[0]))
                .filter(ProcessHandle::isAlive)
                .filter(process -> startOf(process).equals(noted[1]));
    }

    /** Ends it; does nothing if it is not running. */
    boolean stop() throws IOException {
        Optional<ProcessHandle> process = running();
        if (process.isPresent()) {
            process.get().destroy();
            try {
                process.get().onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while " + name + " ended", e);
            } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
                process.get().destroyForcibly();
            }
        }
        Files.deleteIfExists(pidFile());
        return process.isPresent();
    }

    /** Waits until the port accepts connections; a server that ends before that is a problem with its log. */
    void await(int port) throws IOException {
        for (long tries = START.toMillis() / POLL_MILLISECONDS; tries > 0; tries--) {
            if (answers(port)) {
                return;
            }
            if (running().isEmpty()) {
                break;
            }
            try {
                Thread.sleep(POLL_MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while waiting for " + name, e);
            }
        }
        String log = Files.exists(log()) ? HostCommand.lastLines(Files.readString(log(), UTF_8)) : "";
        throw new BuildException(Problem.failed(Problem.Kind.ENVIRONMENT, "cannot start " + name)
                .because("it does not answer on port %d%n%s".formatted(port, log))
                .trying("see " + log()));
    }

    static boolean answers(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLISECONDS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    Path log() {
        return folder.resolve(name + ".log");
    }

    private Path pidFile() {
        return folder.resolve(name + ".pid");
    }

    private static String startOf(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toString).orElse("unknown");
    }
}
