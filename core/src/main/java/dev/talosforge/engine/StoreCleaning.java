package dev.talosforge.engine;

import dev.talosforge.tree.DiskTree;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Lists what is in a store and removes what nobody needs. Everything but {@link #contents} requires an exclusive
 * {@link StoreLock}: users open files some time after they found them.
 */
public final class StoreCleaning {
    /** A partial pull that was not continued for this long is removed. */
    static final Duration PARTIAL_LIFE = Duration.ofDays(7);

    /** A digest record is tiny and proves that builds are repeatable, so it long outlives its result. */
    static final Duration DIGEST_LIFE = Duration.ofDays(365);

    private static final Comparator<StoreItem> LEAST_RECENT =
            Comparator.comparing(StoreItem::lastUsed).thenComparing(StoreItem::path);

    private final StoreFolders places;
    private final StoreContents contents;

    /** Cleans the store at a folder, which need not exist. */
    public StoreCleaning(Path root, StoreGuests guests) {
        this.places = new StoreFolders(root);
        this.contents = new StoreContents(root, guests);
    }

    /** By kind and name. */
    public List<StoreItem> contents() throws IOException {
        return contents.all();
    }

    /** Leftovers of runs that did not finish and that nobody continues. */
    public List<StoreItem> leftovers(Instant now) throws IOException {
        return contents.unfinished().stream()
                .filter(item -> isLeftover(item, now))
                .toList();
    }

    private boolean isLeftover(StoreItem item, Instant now) {
        return switch (item.kind()) {
            case TEMPORARY -> true; // left by a process that is gone: nobody else uses the store
            case PARTIAL -> isOlder(item, PARTIAL_LIFE, now) || contents.hasWhole(item);
            case BLOB, RESULT, FOLDER, LOG, DIGEST, GUEST -> false;
        };
    }

    /** What to remove to bring the store within its limits. */
    public List<StoreItem> beyond(List<StoreItem> all, StoreLimits limits, Instant now) {
        Set<String> results = new TreeSet<>();
        for (StoreItem item : all) {
            if (item.kind() == StoreItem.Kind.RESULT) {
                results.add(item.name());
            }
        }
        SequencedSet<StoreItem> chosen = new LinkedHashSet<>();
        long left = 0;
        for (StoreItem item : all) {
            boolean forgotten = item.kind() == StoreItem.Kind.DIGEST
                    && !results.contains(item.name())
                    && isOlder(item, DIGEST_LIFE, now);
            if (forgotten || isLeftover(item, now) || isUnused(item, limits.unused(), now)) {
                chosen.add(item);
            } else {
                left += item.size();
            }
        }
        Long most = limits.size();
        if (most != null) {
            chosen.addAll(tooMuch(all, chosen, left - most));
        }
        return List.copyOf(chosen);
    }

    private static boolean isUnused(StoreItem item, @Nullable Duration limit, Instant now) {
        return limit != null && item.kind().isReplaceable() && isOlder(item, limit, now);
    }

    private static boolean isOlder(StoreItem item, Duration age, Instant now) {
        return Duration.between(item.lastUsed(), now).compareTo(age) >= 0;
    }

    private static List<StoreItem> tooMuch(List<StoreItem> all, Set<StoreItem> gone, long bytes) {
        List<StoreItem> chosen = new ArrayList<>();
        long over = bytes;
        for (StoreItem item : all.stream()
                .filter(item -> item.kind().isReplaceable() && !gone.contains(item))
                .sorted(LEAST_RECENT)
                .toList()) {
            if (over <= 0) {
                break;
            }
            chosen.add(item);
            over -= item.size();
        }
        return chosen;
    }

    /** Removes the items, in this order. */
    public void remove(List<StoreItem> items) throws IOException {
        for (StoreItem item : items) {
            if (Thread.interrupted()) {
                throw new InterruptedIOException("interrupted while cleaning the store");
            }
            if (item.kind() == StoreItem.Kind.FOLDER) {
                removeFolder(item.path());
            } else {
                DiskTree.delete(item.path());
            }
        }
    }

    /** Move it away first, so that half a folder is never found. */
    private void removeFolder(Path folder) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Path away = Files.createTempDirectory(places.temporary(), "clean-");
        try {
            Files.move(folder, away.resolve("folder"), StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException e) {
            // gone already
        } finally {
            DiskTree.delete(away);
        }
    }
}
