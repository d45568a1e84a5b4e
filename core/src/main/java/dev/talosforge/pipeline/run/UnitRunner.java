package dev.talosforge.pipeline.run;

import dev.talosforge.engine.Events;
import dev.talosforge.engine.Graph;
import dev.talosforge.engine.Graph.Outcome;
import dev.talosforge.json.Json;
import dev.talosforge.pipeline.context.Failures;
import dev.talosforge.pipeline.lint.LintFinding;
import dev.talosforge.pipeline.run.UnitResult.Ending;
import dev.talosforge.problem.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Does one thing with the units of a tree: each after its dependencies, independent ones at the same time. What a unit
 * throws becomes its result.
 *
 * @param clock only for durations of units
 */
public record UnitRunner(Events events, InstantSource clock) {
    /** What is done with a unit. */
    @FunctionalInterface
    public interface Task {
        Done on(UnitTree.Node node) throws Exception;
    }

    /**
     * How it succeeded.
     *
     * @param because why nothing was done; null if something was
     * @param nextSteps what is left for the user to do
     */
    public record Done(
            Ending ending,
            SequencedMap<String, Json> outputs,
            @Nullable String because,
            List<LintFinding> nextSteps) {
        public static Done of(Ending ending) {
            return new Done(ending, new LinkedHashMap<>(), null, List.of());
        }

        public static Done without(Ending ending, String because) {
            return new Done(ending, new LinkedHashMap<>(), because, List.of());
        }
    }

    /** Results in the order in which the units depend on each other. */
    public List<UnitResult> run(UnitTree tree, RunQueue queue, Task task) throws InterruptedException {
        Graph<Path> graph = tree.graph();
        Map<Path, UnitResult> results = new ConcurrentHashMap<>();
        SequencedMap<Path, Outcome> outcomes = graph.run(queue.parallelism(), queue.onFailure(), folder -> {
            UnitResult result = one(tree.node(folder), task);
            results.put(folder, result);
            if (result.ending() == Ending.FAILED) {
                throw new IOException("failed");
            }
        });
        List<UnitResult> inOrder = new ArrayList<>();
        for (UnitTree.Node node : tree.ordered()) {
            UnitResult result = results.get(node.directory());
            inOrder.add(result == null ? withoutResult(tree, node, outcomes.get(node.directory())) : result);
        }
        return inOrder;
    }

    private UnitResult withoutResult(UnitTree tree, UnitTree.Node node, @Nullable Outcome outcome)
            throws InterruptedException {
        return switch (outcome) {
            case Outcome.Skipped(String because) -> UnitResult.skipped(node, tree.nameOf(Path.of(because)) + " failed");
            case Outcome.Failed(InterruptedException _) -> throw new InterruptedException("interrupted");
            case Outcome.Failed(Throwable bug) ->
                UnitResult.failed(node, List.of(), bug, new Timing(clock.instant(), Duration.ZERO));
            case Outcome.Done _ -> throw new IllegalStateException("no result for " + node.name());
            case null -> throw new InterruptedException("interrupted before " + node.name());
        };
    }

    /** Runs one unit, without its dependencies. */
    public UnitResult one(UnitTree.Node node, Task task) throws InterruptedException {
        Instant started = clock.instant();
        Ending ending = Ending.FAILED;
        try {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted before " + node.name());
            }
            Done done = task.on(node);
            ending = done.ending();
            return new UnitResult(
                    node.name(),
                    node.module(),
                    ending,
                    done.outputs(),
                    List.of(),
                    done.because(),
                    null,
                    since(started),
                    done.nextSteps());
        } catch (Exception | VirtualMachineError e) {
            // Programs that a unit runs report an interrupt only by the thread's flag.
            if (Thread.interrupted() || Failures.interrupted(e)) {
                throw (InterruptedException) new InterruptedException("interrupted").initCause(e);
            }
            List<Problem> problems = Failures.problems(e);
            return UnitResult.failed(node, problems, problems.isEmpty() ? e : null, since(started));
        } finally {
            events.ended(node.name(), ending.word());
        }
    }

    private Timing since(Instant started) {
        Duration taken = Duration.between(started, clock.instant());
        return new Timing(started, taken.isNegative() ? Duration.ZERO : taken);
    }
}
