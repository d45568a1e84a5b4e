package dev.talosforge.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ParallelTest {
    @Test
    void resultsAreInTheOrderOfTheWork() throws Exception {
        CountDownLatch second = new CountDownLatch(1);
        List<Callable<String>> work = List.of(
                () -> {
                    second.await();
                    return "first";
                },
                () -> {
                    second.countDown();
                    return "second";
                });
        assertEquals(List.of("first", "second"), Parallel.all(work));
    }

    @Test
    void allFailuresAreKept() {
        IOException first = new IOException("first");
        List<Callable<String>> work = List.of(
                () -> {
                    throw first;
                },
                () -> "fine",
                () -> {
                    throw new IOException("third");
                },
                () -> {
                    throw first; // the same one again: kept once
                });
        IOException e = assertThrows(IOException.class, () -> Parallel.all(work));
        assertEquals(first, e);
        assertEquals(1, e.getSuppressed().length);
        assertEquals("third", e.getSuppressed()[0].getMessage());
    }

    @Test
    void anInterruptEndsAllOfIt() {
        List<Callable<String>> work = List.of(() -> {
            Thread.sleep(60_000);
            return "late";
        });
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> Parallel.all(work));
    }

    @Test
    void theFirstFailureEndsTheOthers() {
        IOException first = new IOException("first");
        CountDownLatch begun = new CountDownLatch(1);
        AtomicBoolean interrupted = new AtomicBoolean();
        List<Parallel.Task> tasks = List.of(
                () -> {
                    begun.countDown();
                    try {
                        Thread.sleep(60_000);
                    } catch (InterruptedException e) {
                        interrupted.set(true);
                        throw e;
                    }
                },
                () -> {
                    begun.await();
                    throw first;
                });
        assertEquals(first, assertThrows(IOException.class, () -> Parallel.untilFirstFailure(tasks)));
        assertTrue(interrupted.get());
    }
}
