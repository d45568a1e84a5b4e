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
 * A store that is in use: nobody cleans it until this is closed. On the way in, what killed runs left there is removed,
 * unless others use the store now.
 *
 * @param removed of killed runs
 */
public record OpenStore(Store store, StoreLock lock, List<StoreItem> removed) implements AutoCloseable {
    /** The folder in it for Debian packages: an older version may be gone from the mirrors, so they stay. */
    public static final String PACKAGES = "debian";

    static final StoreGuests GUESTS = new StoreGuests(PullNames.KEPT, PullNames.OWN, List.of(PACKAGES));

    public OpenStore {
        removed = List.copyOf(removed);
    }

    /** Opens it, and makes its folders where there are none. Waits for whoever cleans it. */
    public static OpenStore at(Path folder, InstantSource clock) throws IOException {
        Store store = Store.open(folder, clock);
        List<StoreItem> removed = sweep(folder, clock);
        return new OpenStore(store, StoreLock.shared(folder), removed);
    }

    /** What cannot be removed stays: nobody reads it. */
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
