package dev.talosforge.pipeline.context;

import dev.talosforge.engine.StoreCleaning;
import dev.talosforge.engine.StoreItem;
import dev.talosforge.engine.StoreLimits;
import dev.talosforge.engine.StoreLock;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Inspects a store without opening it, and cleans it while no run uses it. */
public final class StoreUpkeep {
    private final Path folder;
    private final StoreCleaning cleaning;
    private final InstantSource clock;

    public StoreUpkeep(Path folder, InstantSource clock) {
        this.folder = folder;
        this.cleaning = new StoreCleaning(folder, OpenStore.GUESTS);
        this.clock = clock;
    }

    /** Its contents by kind and name; nothing if there is no store. Others may use it meanwhile. */
    public List<StoreItem> contents() throws IOException {
        return cleaning.contents();
    }

    /** The contents that exceed the limits, without leftovers of killed runs. */
    public List<StoreItem> beyond(List<StoreItem> contents, StoreLimits limits) {
        return cleaning.beyond(
                contents.stream()
                        .filter(item -> item.kind() != StoreItem.Kind.TEMPORARY)
                        .toList(),
                limits,
                clock.instant());
    }

    /** What a clean-up removed, or would remove, and what stays. */
    public record Cleaned(List<StoreItem> removed, List<StoreItem> kept) {
        public Cleaned {
            removed = List.copyOf(removed);
            kept = List.copyOf(kept);
        }
    }

    /**
     * Brings it within limits.
     *
     * @param only whether to report only what would be removed
     */
    public Cleaned clean(StoreLimits limits, boolean only) throws IOException {
        if (cleaning.contents().isEmpty()) { // no store, maybe: then it is not made one
            return new Cleaned(List.of(), List.of());
        }
        try (@Nullable StoreLock alone = lock()) {
            if (alone == null) {
                throw new BuildException(failed().because("another run is using it and may need anything in it")
                        .trying("wait until it has ended, then run the command again"));
            }
            List<StoreItem> all = cleaning.contents();
            List<StoreItem> removed = cleaning.beyond(all, limits, clock.instant());
            if (!only) {
                cleaning.remove(removed);
            }
            Set<StoreItem> gone = new LinkedHashSet<>(removed);
            List<StoreItem> kept = new ArrayList<>(all);
            kept.removeIf(gone::contains);
            return new Cleaned(removed, kept);
        }
    }

    private @Nullable StoreLock lock() throws IOException {
        try {
            return StoreLock.alone(folder);
        } catch (FileSystemException | InterruptedIOException e) {
            throw e; // explained as those of any file
        } catch (IOException e) {
            throw new BuildException(failed().because("its lock cannot be acquired: " + e.getMessage()), e);
        }
    }

    private Problem.Failed failed() {
        return Problem.failed(Problem.Kind.ENVIRONMENT, "cannot clean the store " + folder);
    }
}
