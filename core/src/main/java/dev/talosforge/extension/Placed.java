package dev.talosforge.extension;

import dev.talosforge.tree.Entry;
import dev.talosforge.tree.Entry.Attributes;
import dev.talosforge.tree.FileTree;
import dev.talosforge.tree.TreeBuilder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/**
 * A source's files at their final paths.
 *
 * @param from the source, for messages
 * @param tree with paths from the extension's root
 * @param quiet folders without explicitly chosen modes and owners
 */
public record Placed(String from, FileTree tree, Set<String> quiet) {
    public Placed {
        quiet = Set.copyOf(quiet);
    }

    /**
     * Selects a source's files by its placement, sets modes and owners, and places them.
     *
     * @param files with their original owners and modes
     * @param usual the target folder unless the placement has one; empty for the root
     * @param created time of everything, in seconds since the epoch
     */
    public static Placed of(Source.Item item, FileTree files, String usual, long created) throws IOException {
        Placement placement = item.placement();
        FileTree selected = Selection.of(files, placement);
        unused(placement.modes(), "modes", selected);
        unused(placement.owners(), "owners", selected);
        String to = placement.to() == null ? usual : placement.to();
        Set<String> quiet = new HashSet<>();
        TreeBuilder tree = new TreeBuilder(created);
        for (Entry entry : selected.entries()) {
            String path = to.isEmpty() ? entry.path() : to + "/" + entry.path();
            Entry dressed = dressed(entry, placement, created);
            if (entry instanceof Entry.Directory && !item.source().knowsFolders() && !settings(entry, placement)) {
                quiet.add(path);
            }
            tree.add(
                    dressed instanceof Entry.HardLink link && !to.isEmpty()
                            ? new Entry.HardLink(path, link.attributes(), to + "/" + link.target())
                            : dressed.withPath(path));
        }
        for (String parent = to; !parent.isEmpty() && !parent.equals("."); parent = FileTree.parentOf(parent)) {
            quiet.add(parent); // added by the builder
        }
        return new Placed(item.toString(), tree.build(), quiet);
    }

    private static boolean settings(Entry entry, Placement placement) {
        return find(placement.modes(), entry) != null || find(placement.owners(), entry) != null;
    }

    /** Links have no modes. */
    private static Entry dressed(Entry entry, Placement placement, long created) {
        Attributes attributes = entry.attributes();
        Integer mode = entry instanceof Entry.Symlink ? null : find(placement.modes(), entry);
        Placement.Owner owner = find(placement.owners(), entry);
        return entry.withAttributes(new Attributes(
                mode == null ? attributes.permissions() : mode,
                owner == null ? attributes.uid() : owner.uid(),
                owner == null ? attributes.gid() : owner.gid(),
                created,
                attributes.label()));
    }

    /** The value of the last pattern that matches, which is the longest. */
    private static <T> @org.jspecify.annotations.Nullable T find(SequencedMap<PathPattern, T> settings, Entry entry) {
        T found = null;
        for (Map.Entry<PathPattern, T> one : settings.entrySet()) {
            if (concerns(one.getKey(), entry)) {
                found = one.getValue();
            }
        }
        return found;
    }

    /** A folder pattern applies to folders only; other patterns also apply to the contents of a folder they match. */
    private static boolean concerns(PathPattern pattern, Entry entry) {
        return entry instanceof Entry.Directory
                ? pattern.isForFolders() && pattern.matches(entry)
                : !pattern.isForFolders() && pattern.covers(entry);
    }

    private static void unused(SequencedMap<PathPattern, ?> settings, String member, FileTree files)
            throws SourceException {
        List<String> unused = new ArrayList<>();
        for (PathPattern pattern : settings.keySet()) {
            if (files.entries().stream().noneMatch(entry -> concerns(pattern, entry))) {
                unused.add("\"" + pattern + "\"");
            }
        }
        if (!unused.isEmpty()) {
            throw new SourceException(
                    "%s has %s, which matches nothing of the selected files"
                            .formatted(member, String.join(", ", unused)),
                    "end a pattern for folders with a slash; write paths from the source's root, without the folder in from");
        }
    }
}
