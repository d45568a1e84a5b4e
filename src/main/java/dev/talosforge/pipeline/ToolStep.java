package dev.talosforge.pipeline;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.talosforge.bytes.ByteSource;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Unpacks the programs that a build is run with into a folder of the store, once for all builds that have the same. */
final class ToolStep implements Step<Path> {
    static final String NAME = "tool chain";

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
    public Path make(Store store) throws IOException {
        Path there = store.folder(identity);
        if (there != null) {
            return there; // other runs may work in it
        }
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
            return store.adoptFolder(made, identity);
        } finally {
            DiskTree.delete(work);
        }
    }

    @Override
    public byte[] write(Path result) {
        return identity.hex().getBytes(US_ASCII);
    }

    @Override
    public @Nullable Path read(byte[] bytes, Store store) throws IOException {
        return store.folder(new Sha256(new String(bytes, US_ASCII)));
    }

    @Override
    public String describe(Path result) {
        return packages.size() + " packages";
    }
}
