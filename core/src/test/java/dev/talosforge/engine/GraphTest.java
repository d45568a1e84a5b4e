package dev.talosforge.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.engine.Graph.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class GraphTest {
    private static Graph<String> graph(Map<String, List<String>> needs) {
        return Graph.of(new TreeMap<>(needs).keySet(), node -> needs.getOrDefault(node, List.of()));
    }

    private static final Graph<String> PIPELINE =
            graph(Map.of("extension", List.of(), "images", List.of("extension"), "registry", List.of("images")));

    @Test
    void everyNodeComesAfterWhatItNeeds() {
        assertEquals(
                List.of("c", "a", "b"),
                graph(Map.of("a", List.of("c"), "b", List.of("a"), "c", List.of()))
                        .order());
    }

    @Test
    void aCycleIsNamedWithAllItsMembers() {
        Graph<String> graph = graph(Map.of("a", List.of("b"), "b", List.of("c"), "c", List.of("b"), "d", List.of()));
        assertEquals(List.of("b", "c", "b"), graph.cycle());
        assertThrows(IllegalStateException.class, graph::order);
        assertEquals(List.of(), PIPELINE.cycle());
    }

    @Test
    void aFailureStopsOnlyWhatDependsOnIt() throws Exception {
        Graph<String> graph = graph(Map.of("a", List.of(), "b", List.of("a"), "c", List.of(), "d", List.of("b")));
        List<String> ran = Collections.synchronizedList(new ArrayList<>());
        Map<String, Outcome> outcomes = graph.run(2, node -> {
            ran.add(node);
            if (node.equals("a")) {
                throw new java.io.IOException("broken");
            }
        });

        assertEquals(List.of("a", "b", "c", "d"), List.copyOf(outcomes.keySet()));
        assertInstanceOf(Outcome.Failed.class, outcomes.get("a"));
        assertEquals(new Outcome.Skipped("a"), outcomes.get("b"));
        assertEquals(new Outcome.Done(), outcomes.get("c"));
        assertEquals(new Outcome.Skipped("b"), outcomes.get("d"));
        assertEquals(List.of("a", "c"), ran.stream().sorted().toList());
    }

    @Test
    void independentNodesRunAtTheSameTime() throws Exception {
        CountDownLatch both = new CountDownLatch(2);
        Map<String, Outcome> outcomes = graph(Map.of("a", List.of(), "b", List.of()))
                .run(2, node -> {
                    both.countDown();
                    assertTrue(both.await(30, TimeUnit.SECONDS), "the other one did not start");
                });
        assertEquals(new Outcome.Done(), outcomes.get("a"));
        assertEquals(new Outcome.Done(), outcomes.get("b"));
    }

    @Test
    void oneAtATimeIfRequested() throws Exception {
        List<String> log = Collections.synchronizedList(new ArrayList<>());
        graph(Map.of("a", List.of(), "b", List.of(), "c", List.of())).run(1, node -> {
            log.add("+" + node);
            log.add("-" + node);
        });
        assertEquals(List.of("+a", "-a", "+b", "-b", "+c", "-c"), log);
    }

    @Test
    void interruptionEndsTheRunAndTheWork() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        Thread run = Thread.ofPlatform().start(() -> {
            try {
                PIPELINE.run(1, node -> {
                    begun.countDown();
                    try {
                        Thread.sleep(60_000);
                    } finally {
                        stopped.countDown();
                    }
                });
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        assertTrue(begun.await(30, TimeUnit.SECONDS));
        run.interrupt();
        assertTrue(stopped.await(30, TimeUnit.SECONDS), "the work went on");
        run.join(30_000);
    }
}
