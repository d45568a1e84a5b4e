package dev.talosforge.talos.service;

import dev.talosforge.bytes.LimitException;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Follows symbolic links within a tree: an absolute one starts at the tree's root, and none leads out of it. */
public final class LinkWalk {
    /** The number of links in a row that Linux follows. */
    private static final int MAX_LINKS = 40;

    private static final int MAX_ENTRIES = 100_000;

    private final FileTree tree;

    public LinkWalk(FileTree tree) {
        this.tree = tree;
    }

    public FileTree tree() {
        return tree;
    }

    /** What is at a path after following links; null for nothing. */
    @Nullable
    Entry at(String path) {
        return resolve(path);
    }

    /** What an entry refers to after following links. A dangling link is a {@link LimitException}. */
    public Entry target(Entry entry) throws LimitException {
        Entry found = switch (entry) {
            case Entry.Symlink link -> resolve(link.path());
            case Entry.HardLink link -> tree.get(link.target());
            default -> entry;
        };
        if (found == null) {
            throw new LimitException("symbolic link", "/" + entry.path(), "points to nothing in this extension");
        }
        return found;
    }

    /**
     * A directory and everything below it, links replaced by their targets.
     *
     * @param skip entries of the tree that are left out
     */
    public List<Entry> withoutLinks(String directory, Predicate<Entry> skip) throws IOException {
        List<Entry> copied = new ArrayList<>();
        Entry start = tree.get(directory);
        if (start != null) {
            copy(start, directory, skip, 0, copied);
        }
        return copied;
    }

    private void copy(Entry entry, String path, Predicate<Entry> skip, int depth, List<Entry> copied)
            throws IOException {
        if (depth > FileTree.MAX_DEPTH || copied.size() > MAX_ENTRIES) {
            throw new LimitException("symbolic link", "/" + entry.path(), "is part of a loop");
        }
        Entry target = target(entry);
        copied.add(target.withPath(path));
        if (target instanceof Entry.Directory) {
            for (Entry child : tree.children(target.path())) {
                if (!skip.test(child)) {
                    copy(child, path + "/" + FileTree.nameOf(child.path()), skip, depth + 1, copied);
                }
            }
        }
    }

    private @Nullable Entry resolve(String path) {
        Deque<String> names = new ArrayDeque<>(List.of(path.split("/", -1)));
        String at = ".";
        int links = 0;
        while (!names.isEmpty()) {
            String name = names.pop();
            if (name.isEmpty() || name.equals(".")) {
                continue;
            }
            if (name.equals("..")) {
                at = at.equals(".") ? "." : FileTree.parentOf(at);
                continue;
            }
            String next = at.equals(".") ? name : at + "/" + name;
            Entry entry = tree.get(next);
            if (entry instanceof Entry.Symlink link) {
                if (++links > MAX_LINKS) {
                    return null;
                }
                at = link.target().startsWith("/") ? "." : at;
                List.of(link.target().split("/", -1)).reversed().forEach(names::push);
            } else if (entry == null || !(names.isEmpty() || entry instanceof Entry.Directory)) {
                return null;
            } else {
                at = next;
            }
        }
        Entry found = tree.get(at);
        return found instanceof Entry.HardLink link ? tree.get(link.target()) : found;
    }
}
