package dev.talosforge.config.terragrunt.run;

import dev.talosforge.config.hcl.value.FunctionFailure;
import dev.talosforge.config.terragrunt.block.ParsedFiles;
import dev.talosforge.config.unit.EvaluationSettings;
import dev.talosforge.config.unit.MockPolicy;
import dev.talosforge.config.unit.ProgramRunner;
import dev.talosforge.problem.Problem.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What all workspaces of one command share, so that each file is read and parsed once, a file that others read is
 * evaluated once, and a program runs once. Thread-safe. Create a new one for each command: later changes on disk are
 * not seen.
 *
 * <p>It never shares what depends on recorded outputs, which change while units are applied, or on the unit that the
 * run started with; and nothing from one kind of {@link EvaluationSettings} with another.
 */
public final class EvaluationCache {
    private final ParsedFiles files = new ParsedFiles();
    private final Map<View, Map<Path, KeptValue>> values = new ConcurrentHashMap<>();
    private final Map<View, Map<Path, Stack>> stacks = new ConcurrentHashMap<>();
    private final Map<Path, Boolean> isFile = new ConcurrentHashMap<>();
    private final Map<Started, CompletableFuture<Optional<String>>> programs = new ConcurrentHashMap<>();
    private final AtomicInteger evaluated = new AtomicInteger();

    /** What the value of a file depends on besides files. */
    private record View(
            String command,
            SortedMap<String, String> environment,
            MockPolicy mocks,
            ProgramRunner programs,
            SortedMap<String, String> features) {}

    /**
     * A program with its arguments.
     *
     * @param directory where it runs; null if its result is the same everywhere
     */
    private record Started(
            ProgramRunner programs,
            List<String> command,
            @Nullable Path directory) {}

    ParsedFiles files() {
        return files;
    }

    /** Values of files, evaluated with these settings. */
    Map<Path, KeptValue> values(EvaluationSettings settings) {
        return values.computeIfAbsent(view(settings), _ -> new ConcurrentHashMap<>());
    }

    /** Stacks, by their folders, evaluated with these settings. */
    Map<Path, Stack> stacks(EvaluationSettings settings) {
        return stacks.computeIfAbsent(view(settings), _ -> new ConcurrentHashMap<>());
    }

    private static View view(EvaluationSettings settings) {
        return new View(
                settings.command(), settings.environment(), settings.mocks(), settings.programs(), settings.features());
    }

    /** Whether there is such a file on disk, checked once. */
    boolean isFile(Path file) {
        return isFile.computeIfAbsent(file, Files::isRegularFile);
    }

    void evaluatedOne() {
        evaluated.incrementAndGet();
    }

    /** How many files were parsed so far. */
    public int parsedFiles() {
        return files.parsed();
    }

    /** How many times a file was evaluated for others that read it. */
    public int evaluatedFiles() {
        return evaluated.get();
    }

    /** The output of a program, null if it does not run. A failure is kept, too. */
    @Nullable
    String output(ProgramRunner with, List<String> command, Path directory, boolean sameEverywhere) {
        Started key = new Started(with, List.copyOf(command), sameEverywhere ? null : directory);
        CompletableFuture<Optional<String>> own = new CompletableFuture<>();
        CompletableFuture<Optional<String>> running = programs.putIfAbsent(key, own);
        if (running != null) {
            return waitFor(running, command.getFirst());
        }
        try {
            String output = with.run(command, directory);
            own.complete(Optional.ofNullable(output));
            return output;
        } catch (RuntimeException | Error e) {
            own.completeExceptionally(e);
            throw e;
        }
    }

    private static @Nullable String waitFor(CompletableFuture<Optional<String>> running, String program) {
        try {
            return running.get().orElse(null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FunctionFailure(Kind.ENVIRONMENT, -1, "\"%s\" was interrupted".formatted(program), null);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
