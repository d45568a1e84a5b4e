package dev.talosforge.extension;

import java.util.Collections;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is taken of a source, where it goes and what becomes of modes and owners. Paths have no slash at their begin and
 * end; an empty one is the root.
 *
 * @param to the folder that its files go to, from the extension's root; null where it is not said
 * @param from the folder in the source that is its root
 * @param include what is taken; empty for everything
 * @param exclude what is not, though it is included
 * @param modes of files by what matches them; of folders by patterns that end with a slash
 * @param owners in the same way, of files, links and folders
 * @param prune whether what no program reads is left out, see {@link Pruning}
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

    /** A user and a group by their numbers. */
    public record Owner(long uid, long gid) {}

    /** Everything, where it is usual, as it is. */
    public static Placement usual(boolean prune) {
        return new Placement(null, "", List.of(), List.of(), new TreeMap<>(), new TreeMap<>(), prune);
    }
}
