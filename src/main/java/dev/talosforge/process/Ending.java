package dev.talosforge.process;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** How programs are ended that somebody has to end. */
final class Ending {
    /** How long programs have to end by themselves once they are asked to. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private Ending() {}

    /** Asks the program and all that it started to end, and ends what does not. */
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
        // A signal is not the end yet: whoever goes on here finds nothing of it running.
        CompletableFuture.allOf(rest.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new))
                .completeOnTimeout(null, LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS)
                .join();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
