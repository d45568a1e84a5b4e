package dev.talosforge.talos.service;

import dev.talosforge.talos.TalosVersion;
import dev.talosforge.talos.service.ServiceSpec.Mount;
import dev.talosforge.talos.service.ServiceSpec.Word;
import dev.talosforge.tree.Entry;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether the mounts of a service pair files with files and folders with folders. runc rejects others at each start.
 */
final class MountKinds {
    /** Files that every container gets from the machine, whatever its root has. */
    private static final Set<String> GIVEN_FILES = Set.of("/etc/hosts", "/etc/resolv.conf");

    /** File systems that every container starts with: what its root has there is hidden. */
    private static final List<String> GIVEN_FOLDERS = List.of("/dev", "/proc", "/run", "/sys");

    private final ServiceSpec spec;
    private final LinkWalk extension;
    private final @Nullable LinkWalk root;
    private final TalosVersion version;
    private final ServiceNotes notes;

    /**
     * For one service.
     *
     * @param extension the files that the extension adds to the machine
     * @param root the container's; null if unknown
     */
    MountKinds(
            ServiceSpec spec, LinkWalk extension, @Nullable LinkWalk root, TalosVersion version, ServiceNotes notes) {
        this.spec = spec;
        this.extension = extension;
        this.root = root;
        this.version = version;
        this.notes = notes;
    }

    /**
     * A folder goes over a folder, and a file over a file; what does not exist yet is created as needed.
     *
     * @param earlier destinations of the mounts before, below which the root is hidden
     */
    void check(Mount mount, Set<String> earlier) {
        Word word = mount.destination();
        if (word == null || word.text().isEmpty()) {
            return;
        }
        String path = NodePaths.clean(word.text());
        if (earlier.stream().anyMatch(other -> NodePaths.isIn(path, other))
                || GIVEN_FOLDERS.stream().anyMatch(folder -> NodePaths.isIn(path, folder))) {
            return;
        }
        Entry there = root == null ? null : root.at(path.substring(1));
        boolean overFile = GIVEN_FILES.contains(path) || there instanceof Entry.RegularFile;
        boolean overFolder = there instanceof Entry.Directory;
        Word source = mount.source();
        String from = source == null ? "/" : NodePaths.clean(source.text());
        if (!mount.isBind()) {
            if (overFile) {
                notes.error(word.at(), "%s is a file; a file system cannot be mounted there".formatted(path), null);
            }
        } else if (overFile && isFolder(from)) {
            notes.error(
                    word.at(),
                    "%s is a file in the container, but source %s is a folder".formatted(path, from),
                    "use a file as the source, or another destination");
        } else if (overFile && !isFile(from) && NodePaths.isWritable(from, version) && !spec.waitsForPath(from)) {
            notes.suspicion(
                    word.at(),
                    "%s is a file in the container; if source %s is missing, Talos creates a folder, which cannot go there"
                            .formatted(path, from),
                    "add to depends: - path: %s".formatted(from));
        } else if (overFolder && isFile(from)) {
            notes.error(
                    word.at(),
                    "%s is a folder in the container, but source %s is a file".formatted(path, from),
                    "use a folder as the source, or another destination");
        }
    }

    private boolean isFolder(String source) {
        return NodePaths.isFolder(source) || extension.at(source.substring(1)) instanceof Entry.Directory;
    }

    private boolean isFile(String source) {
        return NodePaths.isFile(source) || extension.at(source.substring(1)) instanceof Entry.RegularFile;
    }
}
