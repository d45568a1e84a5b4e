package dev.talosforge.process;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Ends programs that do not end by themselves. */
final class Ending {
    /** How long programs get to end by themselves once asked. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private Ending() {}

    /** Asks the program and everything it started to end, and kills what does not. */
    static void all(Process process) {
        List<ProcessHandle> all = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        all.forEach(ProcessHandle::destroy);
        boolean interrupted = Thread.interrupted();
        try {
            process.waitFor(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        List<ProcessHandle> rest =
                Stream.concat(process.descendants(), all.stream()).toList();
        rest.forEach(ProcessHandle::destroyForcibly);
        // A signal is not yet the end: this waits until nothing of the program is running.
        CompletableFuture.allOf(rest.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new))
                .completeOnTimeout(null, LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS)
                .join();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
