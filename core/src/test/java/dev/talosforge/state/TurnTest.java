package dev.talosforge.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TurnTest {
    /** In a thread that stops nobody, should it wait for ever. */
    private static FutureTask<Boolean> started(Callable<Boolean> work) {
        FutureTask<Boolean> task = new FutureTask<>(work);
        Thread.ofPlatform().daemon().start(task);
        return task;
    }

    @Test
    void aTurnAtOneFileHoldsUpNoOther(@TempDir Path dir) throws Exception {
        try (Turn _ = Turn.at(dir.resolve("a.json"))) {
            FutureTask<Boolean> other = started(() -> {
                try (Turn turn = Turn.at(dir.resolve("b.json"))) {
                    return turn.held();
                }
            });
            assertTrue(other.get());
        }
    }

    @Test
    void anotherThreadMayGiveItBack(@TempDir Path dir) throws Exception {
        Path file = dir.resolve("a.json");
        Turn turn = Turn.at(file);
        started(() -> {
                    turn.close();
                    return true;
                })
                .get();
        Turn.at(file).close();
        assertFalse(Files.exists(dir.resolve(".a.json.lock")));
    }

    @Test
    void theSameFileByAnotherNameIsTheSameTurn(@TempDir Path dir) throws Exception {
        Files.createDirectory(dir.resolve("real"));
        Files.createSymbolicLink(dir.resolve("link"), Path.of("real"));
        Turn first = Turn.at(dir.resolve("real/a.json"));
        CompletableFuture<Thread> waiting = new CompletableFuture<>();
        FutureTask<Boolean> second = started(() -> {
            waiting.complete(Thread.currentThread());
            try (Turn turn = Turn.at(dir.resolve("link/a.json"))) {
                return turn.held();
            }
        });
        while (waiting.get().getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        assertFalse(second.isDone());
        first.close();
        assertTrue(second.get());
    }

    @Test
    void anInterruptEndsTheWaiting(@TempDir Path dir) throws Exception {
        Path file = dir.resolve("a.json");
        try (Turn _ = Turn.at(file)) {
            Thread.currentThread().interrupt();
            InterruptedIOException e = assertThrows(InterruptedIOException.class, () -> Turn.at(file));
            assertTrue(Thread.interrupted());
            assertEquals("interrupted while waiting for " + dir.toRealPath().resolve(".a.json.lock"), e.getMessage());
        }
    }
}
