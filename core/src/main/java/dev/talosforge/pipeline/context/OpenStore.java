package dev.talosforge.pipeline.context;

import dev.talosforge.engine.Store;
import dev.talosforge.engine.StoreCleaning;
import dev.talosforge.engine.StoreGuests;
import dev.talosforge.engine.StoreItem;
import dev.talosforge.engine.StoreLock;
import dev.talosforge.registry.PullNames;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A store in use: no other run cleans it until this is closed. Opening removes leftovers of killed runs, unless others
 * use the store now.
 *
 * @param removed of killed runs
 */
public record OpenStore(Store store, StoreLock lock, List<StoreItem> removed) implements AutoCloseable {
    /** The folder in it for Debian packages: they stay, because mirrors may no longer have older versions. */
    public static final String PACKAGES = "debian";

    static final StoreGuests GUESTS = new StoreGuests(PullNames.KEPT, PullNames.OWN, List.of(PACKAGES));

    public OpenStore {
        removed = List.copyOf(removed);
    }

    /** Opens it and creates missing folders. Waits while another run cleans it. */
    public static OpenStore at(Path folder, InstantSource clock) throws IOException {
        Store store = Store.open(folder, clock);
        List<StoreItem> removed = sweep(folder, clock);
        return new OpenStore(store, StoreLock.shared(folder), removed);
    }

    /** What cannot be removed stays: nothing reads it. */
    private static List<StoreItem> sweep(Path folder, InstantSource clock) throws InterruptedIOException {
        try (@Nullable StoreLock alone = StoreLock.alone(folder)) {
            if (alone == null) {
                return List.of();
            }
            StoreCleaning cleaning = new StoreCleaning(folder, GUESTS);
            List<StoreItem> leftovers = cleaning.leftovers(clock.instant());
            cleaning.remove(leftovers);
            return leftovers;
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            return List.of();
        }
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
