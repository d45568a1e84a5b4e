package dev.talosforge.format.tar;

import java.util.Collection;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Counts the files whose extended attributes are not kept, so that the loss can be reported. Not thread-safe.
 */
public final class LostXattrs {
    private final NavigableSet<String> names = new TreeSet<>();
    private @Nullable String first;
    private int members;

    public void see(TarMember member) {
        see(member.path(), member.xattrs());
    }

    /** Adds a file and the attributes it loses, which may be none. */
    public void see(String path, Collection<String> lost) {
        if (!lost.isEmpty()) {
            members++;
            names.addAll(lost);
            first = first == null ? path : first;
        }
    }

    /** What was lost, in words; null if nothing was. */
    public @Nullable String warning() {
        return first == null
                ? null
                : "extended attributes are not kept: %s of %s"
                        .formatted(
                                String.join(", ", names),
                                members == 1 ? first : "%d files, the first is %s".formatted(members, first));
    }
}
