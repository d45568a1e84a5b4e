package dev.talosforge.inspect;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.NameBytes;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import java.io.IOException;
import java.security.MessageDigest;

/**
 * The identity of a file tree in any container: paths, kinds, modes, owners, targets and contents count. Not included
 * are times, because each build sets its own; SELinux labels, which imager keeps or drops depending on its version and
 * privileges; and which of a file's names is the first.
 */
final class TreeDigest {
    private TreeDigest() {}

    static Sha256 of(FileTree tree) throws IOException {
        MessageDigest digest = Sha256.begin();
        for (Entry entry : tree.entries()) {
            Entry.Attributes attributes = entry.attributes();
            String line = "%s\0%s\0%o %d %d\0"
                    .formatted(
                            entry.path(),
                            content(entry, tree),
                            attributes.permissions(),
                            attributes.uid(),
                            attributes.gid());
            digest.update(NameBytes.of(line));
        }
        return Sha256.finish(digest);
    }

    private static String content(Entry entry, FileTree tree) throws IOException {
        return switch (entry) {
            case Entry.Directory _ -> "directory";
            case Entry.RegularFile file -> "file " + Sha256.of(file.content());
            case Entry.HardLink link -> "file " + Sha256.of(target(link, tree));
            case Entry.Symlink link -> "symlink " + link.target();
            case Entry.CharDevice device -> "char %d:%d".formatted(device.major(), device.minor());
            case Entry.BlockDevice device -> "block %d:%d".formatted(device.major(), device.minor());
            case Entry.Fifo _ -> "fifo";
        };
    }

    private static ByteSource target(Entry.HardLink link, FileTree tree) {
        if (tree.get(link.target()) instanceof Entry.RegularFile file) {
            return file.content();
        }
        throw new IllegalStateException("a tree's hard links lead to files: " + link);
    }
}
