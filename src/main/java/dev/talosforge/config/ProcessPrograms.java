package dev.talosforge.config;

import dev.talosforge.config.hcl.FunctionFailure;
import dev.talosforge.problem.Problem.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Runs programs as child processes: without a shell, with a time limit, and with a bounded output. */
public final class ProcessPrograms implements Programs {
    private static final int MAX_OUTPUT = 16 << 20;

    private final Duration limit;
    private final SortedMap<String, String> environment;

    /**
     * Programs that see this environment and nothing else.
     *
     * @param limit after which a program is ended
     */
    public ProcessPrograms(Duration limit, SortedMap<String, String> environment) {
        this.limit = limit;
        this.environment = environment;
    }

    @Override
    public String run(List<String> command, Path directory) {
        String name = command.getFirst();
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            try {
                process.getOutputStream().close(); // Nobody answers it.
                return output(process, name);
            } finally {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw new FunctionFailure(
                    Kind.ENVIRONMENT, -1, "\"%s\" does not start: %s".formatted(name, e.getMessage()), null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FunctionFailure(Kind.ENVIRONMENT, -1, "\"%s\" was interrupted".formatted(name), null);
        }
    }

    private String output(Process process, String name) throws InterruptedException {
        AtomicReference<byte[]> read = new AtomicReference<>(new byte[0]);
        Thread reader = Thread.ofVirtual().start(() -> {
            try (InputStream out = process.getInputStream()) {
                read.set(out.readNBytes(MAX_OUTPUT + 1));
            } catch (IOException e) {
                process.destroyForcibly(); // Its exit value then says that it failed.
            }
        });
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new FunctionFailure(
                    Kind.ENVIRONMENT, -1, "\"%s\" did not end within %d s".formatted(name, limit.toSeconds()), null);
        }
        reader.join(limit);
        int exit = process.exitValue();
        if (exit != 0) {
            throw new FunctionFailure(
                    Kind.ENVIRONMENT, -1, "\"%s\" ended with exit code %d".formatted(name, exit), null);
        }
        if (read.get().length > MAX_OUTPUT) {
            throw new FunctionFailure(
                    Kind.ENVIRONMENT, -1, "\"%s\" wrote more than %d bytes".formatted(name, MAX_OUTPUT), null);
        }
        return new String(read.get(), StandardCharsets.UTF_8);
    }
}
