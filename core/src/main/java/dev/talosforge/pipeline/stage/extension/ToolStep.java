package dev.talosforge.pipeline.stage.extension;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.LimitException;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.debian.DebFile;
import dev.talosforge.debian.DebianRoot;
import dev.talosforge.engine.Events;
import dev.talosforge.engine.Identity;
import dev.talosforge.engine.Step;
import dev.talosforge.engine.Store;
import dev.talosforge.extension.ToolRoot;
import dev.talosforge.tree.DiskTree;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Unpacks the programs of a build into a folder of the store, once for all builds with the same programs. */
final class ToolStep implements Step<ToolStep.Made> {
    static final String NAME = "tool chain";

    /**
     * The folder.
     *
     * @param digest of everything in it
     */
    record Made(Path folder, Sha256 digest) {}

    private final Events events;
    private final String unit;
    private final List<DebFile> packages;
    private final Sha256 identity;

    ToolStep(Events events, String unit, List<DebFile> packages) {
        this.events = events;
        this.unit = unit;
        this.packages = List.copyOf(packages);
        Identity all = Identity.of(NAME, ToolRoot.REVISION);
        for (DebFile debian : packages) {
            all.with(debian.name(), debian.sha256());
        }
        this.identity = all.digest();
    }

    Sha256 identity() {
        return identity;
    }

    @Override
    public Made make(Store store) throws IOException {
        Path work = store.temporaryFolder("tools");
        try {
            List<ByteSource> files = new ArrayList<>();
            for (DebFile debian : packages) {
                files.add(ByteSource.of(debian.file()));
            }
            FileTree root = ToolRoot.of(DebianRoot.unpacked(files, Files.createDirectory(work.resolve("contents"))));
            long total = root.entries().stream()
                    .mapToLong(entry -> entry instanceof Entry.RegularFile file
                            ? file.content().size()
                            : 0)
                    .sum();
            Path made = Files.createDirectory(work.resolve("root"));
            DiskTree.write(root, made, written -> events.progress(unit, NAME, written, total));
            Sha256 digest = TreeIdentity.of(DiskTree.read(made));
            Path there = store.folder(identity); // other runs may use it
            if (there != null && !isThat(there, digest)) {
                DiskTree.delete(store.discardFolder(identity));
            }
            return new Made(store.adoptFolder(made, identity), digest);
        } finally {
            DiskTree.delete(work);
        }
    }

    /** Checks that it has the same files and nothing else: a build's programs decide its result. */
    private static boolean isThat(Path folder, Sha256 digest) throws IOException {
        try {
            return TreeIdentity.of(DiskTree.read(folder)).equals(digest);
        } catch (LimitException | FileSystemException e) {
            return false; // contains a foreign or unreadable file
        }
    }

    @Override
    public void write(Made result, OutputStream out) throws IOException {
        out.write(result.digest().hex().getBytes(US_ASCII));
    }

    @Override
    public @Nullable Made read(InputStream in, Store store) throws IOException {
        Sha256 digest = Sha256.read(in);
        Path there = store.folder(identity);
        return there != null && isThat(there, digest) ? new Made(there, digest) : null;
    }

    @Override
    public String describe(Made result) {
        return packages.size() + " packages";
    }
}
