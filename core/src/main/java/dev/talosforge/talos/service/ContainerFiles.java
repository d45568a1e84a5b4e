package dev.talosforge.talos.service;

import dev.talosforge.talos.service.ServiceSpec.Mount;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a service sees: the container's root, and over it what is mounted there. */
final class ContainerFiles {
    private static final int MAX_LINKS = 40;

    private final FileTree root;
    private final LinkWalk extension;
    private final SequencedMap<String, Shown> mounts = new TreeMap<>();

    /**
     * What a mount shows.
     *
     * @param source a place on the machine; null for a file system of the container's own, which is empty
     */
    private record Shown(String destination, @Nullable String source) {}

    /** What is at a path. */
    sealed interface Found {
        /** With the path at which it is found after following links. */
        record File(Entry entry, String path) implements Found {}

        record Nothing() implements Found {}

        /** It would be below a file system that starts empty. */
        record Hidden(String mount) implements Found {}

        /** It is what the machine has there, which is unknown here. */
        record Unknown() implements Found {}
    }

    /**
     * The files of a container.
     *
     * @param root its root file system, as the extension has it
     * @param extension everything that the extension adds to the machine
     */
    ContainerFiles(FileTree root, LinkWalk extension, List<Mount> mounts) {
        this.root = root;
        this.extension = extension;
        for (String empty : List.of("/dev", "/proc", "/run", "/sys")) {
            this.mounts.put(empty, new Shown(empty, null));
        }
        for (Mount mount : mounts) {
            if (mount.destination() != null && mount.source() != null) {
                String destination = real(mount.destination().text());
                String source = NodePaths.clean(mount.source().text());
                this.mounts.put(destination, new Shown(destination, mount.isBind() ? source : null));
            }
        }
    }

    FileTree root() {
        return root;
    }

    /** Follows a path; a relative one starts at the root, which is where the service starts. */
    Found find(String path) {
        Deque<String> names = new ArrayDeque<>(List.of(path.split("/", -1)));
        String at = "";
        int links = 0;
        while (!names.isEmpty()) {
            String name = names.pop();
            if (name.isEmpty() || name.equals(".")) {
                continue;
            }
            if (name.equals("..")) {
                at = at.isEmpty() ? "" : at.substring(0, at.lastIndexOf('/'));
                continue;
            }
            String next = at + "/" + name;
            Shown mount = mounts.get(next);
            if (mount != null) {
                return below(mount, String.join("/", names));
            }
            Entry entry = root.get(next.substring(1));
            if (entry instanceof Entry.Symlink link) {
                if (++links > MAX_LINKS) {
                    return new Found.Nothing();
                }
                at = link.target().startsWith("/") ? "" : at;
                List.of(link.target().split("/", -1)).reversed().forEach(names::push);
            } else if (entry == null ? !isAbove(next) : !names.isEmpty() && !(entry instanceof Entry.Directory)) {
                return new Found.Nothing();
            } else {
                at = next;
            }
        }
        return at.isEmpty() ? new Found.Nothing() : file(root.get(at.substring(1)), at, root);
    }

    /** Where a mount goes: links of the root are followed, and missing folders are created. */
    private String real(String path) {
        Deque<String> names = new ArrayDeque<>(List.of(path.split("/", -1)));
        String at = "";
        int links = 0;
        while (!names.isEmpty()) {
            String next = NodePaths.clean(at + "/" + names.pop());
            if (root.get(next.substring(1)) instanceof Entry.Symlink link && ++links <= MAX_LINKS) {
                at = link.target().startsWith("/") ? "" : at;
                List.of(link.target().split("/", -1)).reversed().forEach(names::push);
            } else {
                at = next.equals("/") ? "" : next;
            }
        }
        return at.isEmpty() ? "/" : at;
    }

    /** Whether a mount creates the folder because its destination is below it. */
    private boolean isAbove(String path) {
        return mounts.keySet().stream().anyMatch(destination -> destination.startsWith(path + "/"));
    }

    private Found below(Shown mount, String rest) {
        if (mount.source() == null) {
            return mounts.keySet().stream().anyMatch(other -> other.startsWith(mount.destination() + "/"))
                            && !rest.isEmpty()
                    ? new Found.Unknown()
                    : new Found.Hidden(mount.destination());
        }
        Entry entry = extension.at(NodePaths.clean(mount.source() + "/" + rest).substring(1));
        return entry == null
                ? new Found.Unknown()
                : file(entry, NodePaths.clean(mount.destination() + "/" + rest), extension.tree());
    }

    private static Found file(@Nullable Entry entry, String path, FileTree tree) {
        Entry found = entry instanceof Entry.HardLink link ? tree.get(link.target()) : entry;
        return found == null ? new Found.Nothing() : new Found.File(found, path);
    }
}
