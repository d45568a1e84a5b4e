package dev.talosforge.pipeline.stage.extension;

import dev.talosforge.bytes.Sha256;
import dev.talosforge.engine.Identity;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import java.io.IOException;

/** What a build sees of a tree. */
final class TreeIdentity {
    private TreeIdentity() {}

    /** Of paths, modes and contents. */
    static Sha256 of(FileTree tree) throws IOException {
        Identity identity = Identity.of("sources", 1);
        for (Entry entry : tree.entries()) {
            identity.with("path", entry.path()).with("mode", entry.attributes().permissions());
            switch (entry) {
                case Entry.RegularFile file -> identity.with("content", Sha256.of(file.content()));
                case Entry.HardLink link -> identity.with("name of", link.target());
                case Entry.Symlink link -> identity.with("link", link.target());
                case Entry.Directory _ -> identity.with("kind", "directory");
                case Entry.CharDevice _, Entry.BlockDevice _, Entry.Fifo _ -> identity.with("kind", "special");
            }
        }
        return identity.digest();
    }
}
