package dev.talosforge.tree;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.tree.Entry.Attributes;
import java.io.IOException;
import java.util.SequencedMap;
import java.util.TreeMap;

/** Builds a tree from entries: missing parents are added, and everything belongs to root. */
public final class TreeBuilder {
    private final SequencedMap<String, Entry> entries = new TreeMap<>(FileTree.WALK_ORDER);
    private final long modified;

    /**
     * An empty tree.
     *
     * @param modified of every entry made by this builder, in seconds since the epoch
     */
    public TreeBuilder(long modified) {
        this.modified = modified;
    }

    /** Adds the entry, and any missing directories (0755) above it. A later entry replaces an earlier one. */
    public TreeBuilder add(Entry entry) {
        parents(entry.path());
        entries.put(entry.path(), entry);
        return this;
    }

    public TreeBuilder directory(String path, int permissions) {
        return add(new Entry.Directory(path, Attributes.root(permissions, modified)));
    }

    public TreeBuilder file(String path, int permissions, ByteSource content) {
        return add(new Entry.RegularFile(path, Attributes.root(permissions, modified), content));
    }

    public TreeBuilder file(String path, int permissions, String content) {
        return file(path, permissions, ByteSource.of(content.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    public TreeBuilder symlink(String path, String target) {
        return add(new Entry.Symlink(path, Attributes.root(0777, modified), target));
    }

    public FileTree build() throws IOException {
        return FileTree.of(entries.values());
    }

    private void parents(String path) {
        String parent = FileTree.parentOf(path);
        if (!parent.equals(".") && !entries.containsKey(parent)) {
            parents(parent);
            entries.put(parent, new Entry.Directory(parent, Attributes.root(0755, modified)));
        }
    }
}
