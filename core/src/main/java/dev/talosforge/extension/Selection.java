package dev.talosforge.extension;

import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Parts of a tree. Selected names of one file stay hard links of one another. */
public final class Selection {
    private Selection() {}

    /** The files of a source that a placement selects; paths are relative to {@code from}. */
    public static FileTree of(FileTree tree, Placement placement) throws IOException {
        FileTree below = placement.from().isEmpty() ? tree : below(tree, placement.from());
        boolean everything = placement.include().isEmpty();
        Set<String> kept = new HashSet<>(); // looked up only, never iterated
        List<Entry> entries = below.entries();
        for (Entry entry : entries.reversed()) {
            boolean included = everything
                    || placement.include().stream().anyMatch(pattern -> pattern.covers(entry))
                    || (entry instanceof Entry.Directory && kept.contains(entry.path()));
            boolean excluded = (placement.prune() && Pruning.isLeftOut(entry))
                    || placement.exclude().stream().anyMatch(pattern -> pattern.covers(entry));
            if (included && !excluded) {
                kept.add(entry.path());
                kept.add(FileTree.parentOf(entry.path()));
            }
        }
        FileTree selected = below.filter(entry -> kept.contains(entry.path()));
        if (selected.size() == 0 && tree.size() > 0 && !everything) {
            throw new SourceException("nothing is selected: include matches nothing, or exclude everything", null);
        }
        return selected;
    }

    /** The contents of a folder, with paths relative to it. */
    static FileTree below(FileTree tree, String folder) throws IOException {
        Entry entry = tree.get(folder);
        if (!(entry instanceof Entry.Directory)) {
            throw new SourceException(
                    entry == null
                            ? "it has no folder %s".formatted(folder)
                            : "%s is %s in it, but from needs a folder".formatted(folder, Source.kind(entry)),
                    null);
        }
        return tree.subtree(folder);
    }

    /** Strips the first folders of every path; entries higher up are left out, as in tar. */
    public static FileTree stripped(FileTree tree, int count) throws IOException {
        Map<String, String> from = new HashMap<>(); // looked up only, never iterated
        for (Entry entry : tree.entries()) {
            String path = stripped(entry.path(), count);
            String first = path == null ? null : from.putIfAbsent(path, entry.path());
            boolean folders =
                    first != null && tree.get(first) instanceof Entry.Directory && entry instanceof Entry.Directory;
            if (first != null && !folders) {
                throw new SourceException(
                        "%s and %s both become %s after strip = %d".formatted(first, entry.path(), path, count), null);
            }
        }
        return tree.moved(path -> {
            String stripped = stripped(path, count);
            return stripped != null && path.equals(from.get(stripped)) ? stripped : null;
        });
    }

    private static @Nullable String stripped(String path, int count) {
        int begin = 0;
        for (int i = 0; i < count; i++) {
            int slash = path.indexOf('/', begin);
            if (slash < 0) {
                return null;
            }
            begin = slash + 1;
        }
        return path.substring(begin);
    }
}
