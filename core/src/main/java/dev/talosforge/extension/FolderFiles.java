package dev.talosforge.extension;

import dev.talosforge.bytes.DiskName;
import dev.talosforge.tree.DiskTree;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.Entry.Attributes;
import dev.talosforge.tree.FileTree;
import java.io.IOException;

/** The files of a folder in the working copy, in the form they have in an extension. */
public final class FolderFiles {
    private static final int RUNNABLE = 0100;

    private FolderFiles() {}

    /** Reads the files. A selected name that no file of an extension can have is a problem. */
    public static FileTree read(Source.Item item, Source.Folder source) throws IOException {
        FileTree tree = DiskTree.read(source.path().toRealPath());
        if (tree.entries().stream().anyMatch(entry -> DiskName.isLost(entry.path()))) {
            refuseLost(item, tree);
        }
        return FileTree.of(tree.entries().stream().map(FolderFiles::normal).toList());
    }

    /** Excluded files may have any name. */
    private static void refuseLost(Source.Item item, FileTree tree) throws IOException {
        try {
            for (Entry entry : Selection.of(tree, item.placement()).entries()) {
                DiskName.refuseLost(entry.path());
            }
        } catch (SourceException e) {
            // Reported when the files are placed.
        }
    }

    /** Owners, times and umask of the working copy do not count: git only keeps whether a file is executable. */
    private static Entry normal(Entry entry) {
        boolean runnable = entry instanceof Entry.Directory || isRunnable(entry);
        int permissions = entry instanceof Entry.Symlink ? 0777 : runnable ? 0755 : 0644;
        return entry.withAttributes(Attributes.root(permissions, 0));
    }

    /** Whether it is a file that its owner may execute. */
    public static boolean isRunnable(Entry entry) {
        return entry instanceof Entry.RegularFile && (entry.attributes().permissions() & RUNNABLE) != 0;
    }
}
