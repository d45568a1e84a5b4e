package dev.talosforge.engine;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Nodes and their dependencies. Immutable, in the order in which the nodes were given.
 *
 * @param <N> a node, compared by equals
 */
public final class Graph<N> {
    private final SequencedMap<N, Set<N>> needs;

    private Graph(SequencedMap<N, Set<N>> needs) {
        this.needs = needs;
    }

    /** A graph of {@code nodes}; edges to other nodes are left out. */
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

    /** The nodes that depend on this node directly. */
    public List<N> neededBy(N node) {
        List<N> result = new ArrayList<>();
        needs.forEach((other, wanted) -> {
            if (wanted.contains(node)) {
                result.add(other);
            }
        });
        return result;
    }

    /** The nodes of one cycle, in order, with the first repeated at the end; empty if there is none. */
    public List<N> cycle() {
        Set<N> done = new LinkedHashSet<>();
        for (N start : needs.keySet()) {
            List<N> found = walk(start, done);
            if (!found.isEmpty()) {
                return found;
            }
        }
        return List.of();
    }

    /** Depth first, without recursion: a chain may be longer than a thread's stack allows. */
    private List<N> walk(N start, Set<N> done) {
        SequencedMap<N, Iterator<N>> path = new LinkedHashMap<>();
        if (done.add(start)) {
            path.put(start, needs(start).iterator());
        }
        while (!path.isEmpty()) {
            Iterator<N> rest = path.lastEntry().getValue();
            if (!rest.hasNext()) {
                path.pollLastEntry();
                continue;
            }
            N next = rest.next();
            if (path.containsKey(next)) {
                List<N> steps = List.copyOf(path.keySet());
                List<N> cycle = new ArrayList<>(steps.subList(steps.indexOf(next), steps.size()));
                cycle.add(next);
                return cycle;
            }
            if (done.add(next)) {
                path.put(next, needs(next).iterator());
            }
        }
        return List.of();
    }

    /** Every node after its dependencies; among candidates, the one given first. Fails on a cycle. */
    public List<N> order() {
        Waiting waiting = new Waiting();
        List<N> order = new ArrayList<>();
        for (N next = waiting.next(); next != null; next = waiting.next()) {
            order.add(next);
            waiting.ended(next);
        }
        if (order.size() < needs.size()) {
            throw new IllegalStateException("a cycle: " + cycle());
        }
        return order;
    }

    /**
     * Tracks which nodes can come next because all their dependencies have ended, in the order in which they were
     * given.
     */
    private final class Waiting {
        private final List<N> nodes = List.copyOf(needs.keySet());
        private final Map<N, Integer> positions = new HashMap<>();
        private final Map<N, Integer> missing = new HashMap<>();
        private final Map<N, List<N>> neededBy = new HashMap<>();
        private final PriorityQueue<Integer> ready = new PriorityQueue<>();

        Waiting() {
            for (int i = 0; i < nodes.size(); i++) {
                N node = nodes.get(i);
                positions.put(node, i);
                missing.put(node, needs(node).size());
                needs(node)
                        .forEach(needed -> neededBy.computeIfAbsent(needed, _ -> new ArrayList<>())
                                .add(node));
                if (needs(node).isEmpty()) {
                    ready.add(i);
                }
            }
        }

        /** Returns each node once; null if nothing can start now. */
        @Nullable
        N next() {
            Integer position = ready.poll();
            return position == null ? null : nodes.get(position);
        }

        void ended(N node) {
            for (N waiting : neededBy.getOrDefault(node, List.of())) {
                if (missing.merge(waiting, -1, Integer::sum) == 0) {
                    ready.add(positions.getOrDefault(waiting, 0));
                }
            }
        }
    }

    /** What a failure means for nodes that have not started. */
    public enum OnFailure {
        /** Skip only what depends on the failed node. */
        SKIP_DEPENDENTS,
        /** Start nothing more, but let running nodes finish. */
        STOP,
        /** Run all nodes, even those that depend on the failed one. */
        CARRY_ON
    }

    /** As {@link #run(int, OnFailure, Work)}; a node that fails stops only what depends on it. */
    public SequencedMap<N, Outcome> run(int parallelism, Work<N> work) throws InterruptedException {
        return run(parallelism, OnFailure.SKIP_DEPENDENTS, work);
    }

    /**
     * Runs every node after its dependencies, up to {@code parallelism} at a time. Fails on a cycle.
     *
     * @return how each node ended, in the order in which the nodes were given
     */
    public SequencedMap<N, Outcome> run(int parallelism, OnFailure onFailure, Work<N> work)
            throws InterruptedException {
        if (!cycle().isEmpty()) {
            throw new IllegalStateException("a cycle: " + cycle());
        }
        return new Run(parallelism, onFailure, work).all();
    }

    /** How a node ended. */
    public sealed interface Outcome {
        record Done() implements Outcome {}

        record Failed(Throwable cause) implements Outcome {}

        /**
         * Not run.
         *
         * @param because the failed node, as text
         */
        record Skipped(String because) implements Outcome {}
    }

    /**
     * The work for a node.
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
        private final OnFailure onFailure;
        private final Work<N> work;
        private final Map<N, Outcome> outcomes = new HashMap<>();
        private final Waiting waiting = new Waiting();
        private final BlockingQueue<Ended<N>> ended = new LinkedBlockingQueue<>();
        private final List<Thread> threads = new ArrayList<>();
        private @Nullable N failed;
        private int running;

        Run(int parallelism, OnFailure onFailure, Work<N> work) {
            this.parallelism = Math.max(1, parallelism);
            this.onFailure = onFailure;
            this.work = work;
        }

        SequencedMap<N, Outcome> all() throws InterruptedException {
            try {
                while (outcomes.size() < needs.size()) {
                    startWhatCan();
                    if (running > 0) {
                        Ended<N> next = ended.take();
                        running--;
                        put(next.node(), next.outcome());
                    }
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

        private void put(N node, Outcome outcome) {
            outcomes.put(node, outcome);
            if (outcome instanceof Outcome.Failed && failed == null) {
                failed = node;
            }
            waiting.ended(node);
        }

        private void startWhatCan() {
            while (running < parallelism) {
                N node = waiting.next();
                if (node == null) {
                    return;
                }
                N broken = broken(node);
                if (broken != null) {
                    put(node, new Outcome.Skipped(broken.toString()));
                } else {
                    running++;
                    threads.add(Thread.ofVirtual().start(() -> ended.add(new Ended<>(node, outcomeOf(node)))));
                }
            }
        }

        /** The node because of which it is skipped; null if it is run. */
        private @Nullable N broken(N node) {
            if (onFailure == OnFailure.CARRY_ON) {
                return null;
            }
            for (N needed : needs(node)) {
                if (!(outcomes.get(needed) instanceof Outcome.Done)) {
                    return needed;
                }
            }
            return onFailure == OnFailure.STOP ? failed : null;
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
