package dev.talosforge.extension;

import java.util.Collections;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which files of a source to use, where they go, and their modes and owners. Paths have no leading or trailing slash;
 * an empty path is the root.
 *
 * @param to the target folder, from the extension's root; null for the default
 * @param from the folder of the source to use as its root
 * @param include what to use; empty for everything
 * @param exclude what to leave out even though it is included
 * @param modes modes of files by pattern; of folders by patterns that end with a slash
 * @param owners owners of files, links and folders, in the same way
 * @param prune whether to leave out what no program reads, see {@link Pruning}
 */
public record Placement(
        @Nullable String to,
        String from,
        List<PathPattern> include,
        List<PathPattern> exclude,
        SequencedMap<PathPattern, Integer> modes,
        SequencedMap<PathPattern, Owner> owners,
        boolean prune) {
    public Placement {
        include = List.copyOf(include);
        exclude = List.copyOf(exclude);
        modes = Collections.unmodifiableSequencedMap(new TreeMap<>(modes));
        owners = Collections.unmodifiableSequencedMap(new TreeMap<>(owners));
    }

    /** A user id and a group id. */
    public record Owner(long uid, long gid) {}

    /** Everything, at the default place, unchanged. */
    public static Placement usual(boolean prune) {
        return new Placement(null, "", List.of(), List.of(), new TreeMap<>(), new TreeMap<>(), prune);
    }
}
