package dev.talosforge.pipeline.stage.images;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.engine.Step;
import dev.talosforge.engine.Store;
import dev.talosforge.format.compress.Xz;
import dev.talosforge.format.compress.Zstd;
import dev.talosforge.format.squashfs.SquashfsOptions;
import dev.talosforge.format.squashfs.SquashfsWriter;
import dev.talosforge.tree.FileTree;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Builds one extension's squashfs image. */
final class SquashfsStep implements Step<SquashfsStep.Made> {
    /** Raised with every change of the bytes that the writer writes. */
    static final int REVISION = 2;

    /** Part of the identity: another version of a codec may write other bytes. */
    static final String CODECS = "xz 1.12 preset 1, aircompressor-v3 3.14";

    /** The image, by its digest. */
    record Made(Sha256 digest, ByteSource image) {}

    private final FileTree tree;
    private final @Nullable String rootLabel;
    private final boolean zstd;
    private final long created;
    private final Executor workers;

    /**
     * A step that has not run.
     *
     * @param rootLabel SELinux label of the root directory; null for none
     */
    SquashfsStep(FileTree tree, @Nullable String rootLabel, boolean zstd, long created, Executor workers) {
        this.tree = tree;
        this.rootLabel = rootLabel;
        this.zstd = zstd;
        this.created = created;
        this.workers = workers;
    }

    @Override
    public Made make(Store store) throws IOException {
        SquashfsOptions options = zstd
                ? SquashfsOptions.zstd(Zstd.blocks(), Zstd.LEVEL, created)
                : SquashfsOptions.xz(Xz.blocks(SquashfsOptions.DEFAULT_BLOCK_SIZE), created);
        Path file = store.temporaryFile();
        try {
            new SquashfsWriter(options.withRoot(options.root().withLabel(rootLabel)), workers).write(tree, file);
            Sha256 digest = Sha256.of(ByteSource.of(file));
            store.adopt(file, digest);
            return new Made(digest, Objects.requireNonNull(store.find(digest), digest::toString));
        } finally {
            Files.deleteIfExists(file);
        }
    }

    @Override
    public void write(Made result, OutputStream out) throws IOException {
        out.write(result.digest().hex().getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public @Nullable Made read(InputStream in, Store store) throws IOException {
        Sha256 digest = Sha256.read(in);
        ByteSource image = store.find(digest);
        return image == null ? null : new Made(digest, image);
    }

    @Override
    public String describe(Made result) {
        return String.format(Locale.ROOT, "%.1f MB", result.image().size() / 1e6);
    }
}
