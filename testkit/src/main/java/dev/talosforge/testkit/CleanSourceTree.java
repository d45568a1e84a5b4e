package dev.talosforge.testkit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a class after which a store is in the source tree: a command without {@code HOME} and {@code TALOS_FORGE_STORE}
 * opens it below the folder in which tests run.
 */
public final class CleanSourceTree implements AfterAllCallback {
    private static final AtomicBoolean REPORTED = new AtomicBoolean(); // of all classes that follow, one is to blame
    private static final Path CACHE = Path.of(".cache").toAbsolutePath();

    @Override
    public void afterAll(ExtensionContext context) {
        if (Files.exists(CACHE) && REPORTED.compareAndSet(false, true)) {
            throw new AssertionError(
                    "%s is there: a command ran without HOME, in this class or in one that ran beside it; remove it, and give the command a HOME"
                            .formatted(CACHE));
        }
    }
}
