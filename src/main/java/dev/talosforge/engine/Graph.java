package dev.talosforge.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Nodes and what each needs first. Immutable, in the order of the nodes as they were given.
 *
 * @param <N> a node, compared by equals
 */
public final class Graph<N> {
    private final SequencedMap<N, Set<N>> needs;

    private Graph(SequencedMap<N, Set<N>> needs) {
        this.needs = needs;
    }

    /** A graph of {@code nodes}; edges to what is not among them are left out. */
    public static <N> Graph<N> of(Collection<N> nodes, java.util.function.Function<N, ? extends Collection<N>> needs) {
        SequencedMap<N, Set<N>> edges = new LinkedHashMap<>();
        Set<N> known = new LinkedHashSet<>(nodes);
        for (N node : known) {
            Set<N> wanted = new LinkedHashSet<>(needs.apply(node));
            wanted.retainAll(known);
            edges.put(node, Collections.unmodifiableSet(wanted));
        }
        return new Graph<>(edges);
    }

    public List<N> nodes() {
        return List.copyOf(needs.keySet());
    }

    public Set<N> needs(N node) {
        return needs.getOrDefault(node, Set.of());
    }

    /** Who needs this node, directly. */
    public List<N> neededBy(N node) {
        List<N> result = new ArrayList<>();
        needs.forEach((other, wanted) -> {
            if (wanted.contains(node)) {
                result.add(other);
            }
        });
        return result;
    }

    /** The nodes of one cycle, in order, the first one repeated at the end; empty when there is none. */
    public List<N> cycle() {
        Set<N> done = new LinkedHashSet<>();
        for (N start : needs.keySet()) {
            Deque<N> path = new ArrayDeque<>();
            List<N> found = walk(start, path, new LinkedHashSet<>(), done);
            if (!found.isEmpty()) {
                return found;
            }
        }
        return List.of();
    }

    private List<N> walk(N node, Deque<N> path, Set<N> onPath, Set<N> done) {
        if (onPath.contains(node)) {
            List<N> cycle = new ArrayList<>();
            boolean inside = false;
            for (N step : path) {
                inside |= step.equals(node);
                if (inside) {
                    cycle.add(step);
                }
            }
            cycle.add(node);
            return cycle;
        }
        if (!done.add(node)) {
            return List.of();
        }
        path.addLast(node);
        onPath.add(node);
        for (N next : needs(node)) {
            List<N> found = walk(next, path, onPath, done);
            if (!found.isEmpty()) {
                return found;
            }
        }
        path.removeLast();
        onPath.remove(node);
        return List.of();
    }

    /** Every node after what it needs; among those that could come next, the one given first. Fails on a cycle. */
    public List<N> order() {
        List<N> order = new ArrayList<>();
        Set<N> placed = new LinkedHashSet<>();
        while (order.size() < needs.size()) {
            N next = null;
            for (Map.Entry<N, Set<N>> node : needs.entrySet()) {
                if (!placed.contains(node.getKey()) && placed.containsAll(node.getValue())) {
                    next = node.getKey();
                    break;
                }
            }
            if (next == null) {
                throw new IllegalStateException("a cycle: " + cycle());
            }
            order.add(next);
            placed.add(next);
        }
        return order;
    }

    /**
     * Runs every node after what it needs, up to {@code parallelism} at a time. A node that fails stops only what
     * depends on it.
     *
     * @return how each node ended, in the order in which the nodes were given
     */
    public SequencedMap<N, Outcome> run(int parallelism, Work<N> work) throws InterruptedException {
        return run(parallelism, false, work);
    }

    /**
     * As {@link #run(int, Work)}.
     *
     * @param failFast whether nothing more is begun after a node has failed; what runs by then comes to its end
     */
    public SequencedMap<N, Outcome> run(int parallelism, boolean failFast, Work<N> work) throws InterruptedException {
        return new Run(parallelism, failFast, work).all();
    }

    /** How a node ended. */
    public sealed interface Outcome {
        record Done() implements Outcome {}

        record Failed(Throwable cause) implements Outcome {}

        /**
         * Not run.
         *
         * @param because the node, as text, that failed before
         */
        record Skipped(String because) implements Outcome {}
    }

    /**
     * What is done for a node.
     *
     * @param <N> a node
     */
    @FunctionalInterface
    public interface Work<N> {
        void on(N node) throws Exception;
    }

    private record Ended<N>(N node, Outcome outcome) {}

    private final class Run {
        private final int parallelism;
        private final boolean failFast;
        private final Work<N> work;
        private final Map<N, Outcome> outcomes = new LinkedHashMap<>();
        private final Set<N> running = new LinkedHashSet<>();
        private final BlockingQueue<Ended<N>> ended = new LinkedBlockingQueue<>();
        private final List<Thread> threads = new ArrayList<>();

        Run(int parallelism, boolean failFast, Work<N> work) {
            this.parallelism = Math.max(1, parallelism);
            this.failFast = failFast;
            this.work = work;
        }

        SequencedMap<N, Outcome> all() throws InterruptedException {
            try {
                while (outcomes.size() < needs.size()) {
                    startWhatCan();
                    Ended<N> next = ended.take();
                    running.remove(next.node());
                    outcomes.put(next.node(), next.outcome());
                }
            } finally {
                threads.forEach(Thread::interrupt);
                for (Thread thread : threads) {
                    thread.join();
                }
            }
            SequencedMap<N, Outcome> inOrder = new LinkedHashMap<>();
            for (N node : needs.keySet()) {
                Outcome outcome = outcomes.get(node);
                if (outcome != null) {
                    inOrder.put(node, outcome);
                }
            }
            return inOrder;
        }

        private void startWhatCan() {
            for (N node : needs.keySet()) {
                if (outcomes.containsKey(node) || running.contains(node) || running.size() >= parallelism) {
                    continue;
                }
                N broken = firstBroken(node);
                if (broken != null) {
                    running.add(node);
                    ended.add(new Ended<>(node, new Outcome.Skipped(broken.toString())));
                } else if (outcomes.keySet().containsAll(needs(node))) {
                    running.add(node);
                    threads.add(Thread.ofVirtual().start(() -> ended.add(new Ended<>(node, outcomeOf(node)))));
                }
            }
        }

        private @Nullable N firstBroken(N node) {
            for (Map.Entry<N, Outcome> outcome : outcomes.entrySet()) {
                if (failFast && outcome.getValue() instanceof Outcome.Failed) {
                    return outcome.getKey();
                }
            }
            for (N needed : needs(node)) {
                Outcome outcome = outcomes.get(needed);
                if (outcome != null && !(outcome instanceof Outcome.Done)) {
                    return needed;
                }
            }
            return null;
        }

        private Outcome outcomeOf(N node) {
            try {
                work.on(node);
                return new Outcome.Done();
            } catch (Throwable e) {
                return new Outcome.Failed(e);
            }
        }
    }
}
