package dev.talosforge.oci;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.OpenFile;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.bytes.Turns;
import dev.talosforge.json.JsonReader;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder in the OCI image layout: {@code oci-layout}, {@code index.json} and {@code blobs/sha256}. OCI image
 * specification 1.1, "Image Layout".
 *
 * <p>Each file appears once it is complete, and {@code index.json} last: concurrent readers see either the old images
 * or the new ones. Adding an image takes a lock on the empty file {@code .index.json.lock}, so that concurrent writers
 * lose nothing of each other's.
 */
public final class OciLayout implements Blobs {
    static final String LAYOUT_FILE = "oci-layout";
    static final String INDEX_FILE = "index.json";
    static final String VERSION = "{\"imageLayoutVersion\":\"1.0.0\"}";
    private static final String LOCK_FILE = ".index.json.lock";
    private static final Set<String> OWN = Set.of(LAYOUT_FILE, INDEX_FILE, LOCK_FILE, "blobs");
    private static final int MAX_DEPTH = 4;

    /** Turns of this process's writers, by layout: a file lock only keeps out other processes. */
    private static final Turns<Path> WRITING = new Turns<>();

    private final Path directory;

    private OciLayout(Path directory) {
        this.directory = directory;
    }

    /**
     * Opens an existing layout; a folder that is not a layout, or has another version, is a {@link FormatException}.
     */
    public static OciLayout open(Path directory) throws IOException {
        Path marker = directory.resolve(LAYOUT_FILE);
        if (!Files.isRegularFile(marker)) {
            throw new FormatException("OCI layout", 0, "not an OCI layout: it has no file " + LAYOUT_FILE);
        }
        checkVersion(ByteSource.of(marker));
        return new OciLayout(directory);
    }

    static void checkVersion(ByteSource marker) throws IOException {
        String version = JsonReader.readObject(LAYOUT_FILE, marker.readAll(LAYOUT_FILE, 1 << 12))
                .text("imageLayoutVersion");
        if (version == null || !version.startsWith("1.")) {
            throw new FormatException(LAYOUT_FILE, 0, "unsupported layout: imageLayoutVersion is " + version);
        }
    }

    /** Opens an existing layout, or creates an empty one; a folder with other files is a {@link FormatException}. */
    public static OciLayout create(Path directory) throws IOException {
        if (Files.isRegularFile(directory.resolve(LAYOUT_FILE))) {
            return open(directory);
        }
        refuseOthers(directory);
        Files.createDirectories(directory.resolve("blobs").resolve("sha256"));
        OciLayout layout = new OciLayout(directory);
        layout.alone(() -> {
            if (!Files.exists(directory.resolve(INDEX_FILE))) {
                layout.replace(INDEX_FILE, Index.of(List.of()).toBytes());
            }
            layout.replace(LAYOUT_FILE, VERSION.getBytes(UTF_8));
        });
        return layout;
    }

    /**
     * Do not create a layout among other files in a folder that was named by mistake. Another writer may be creating
     * one, though.
     */
    private static void refuseOthers(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (Stream<Path> files = Files.list(directory)) {
            String other = files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> !OWN.contains(name) && !name.startsWith(NewFile.PREFIX))
                    .sorted()
                    .findFirst()
                    .orElse(null);
            if (other != null) {
                throw new FormatException(
                        "OCI layout",
                        0,
                        "not an OCI layout: it has no file %s, but it has %s".formatted(LAYOUT_FILE, other));
            }
        }
    }

    /** The content of {@code index.json}. */
    public Index index() throws IOException {
        return Index.parse(ByteSource.of(directory.resolve(INDEX_FILE)).readAll(INDEX_FILE, Members.MAX_DOCUMENT));
    }

    /** The image for a platform, as {@link ImageChoice} finds it; if there is none, a {@link FormatException}. */
    public Image image(Platform platform) throws IOException {
        Descriptor selected = ImageChoice.<RuntimeException>in(index(), platform, this::document);
        if (selected == null) {
            throw new FormatException(INDEX_FILE, 0, "has no image for " + platform);
        }
        return Image.read(selected, platform, this);
    }

    @Override
    public ByteSource get(Descriptor descriptor) throws IOException {
        Path file = blob(descriptor.digest());
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(file.toString(), null, "the layout has no such blob");
        }
        return ByteSource.of(file);
    }

    /** Where a blob is, or would be. */
    public Path blob(Sha256 digest) {
        return directory.resolve("blobs").resolve("sha256").resolve(digest.hex());
    }

    /** Adds a blob, unless it is there and intact; checks its digest. */
    public void put(Descriptor descriptor, ByteSource content) throws IOException {
        Path target = blob(descriptor.digest());
        if (Files.isRegularFile(target)
                && Files.size(target) == descriptor.size()
                && Sha256.of(ByteSource.of(target)).equals(descriptor.digest())) {
            return;
        }
        NewFile.write(target, out -> {
            try (DigestingInput in = new DigestingInput("OCI blob", content.open(), descriptor.size())) {
                long size = in.transferTo(out);
                in.expect(descriptor.digest());
                return size;
            }
        });
    }

    /** Adds the bytes of a document and returns their descriptor. */
    public Descriptor put(String mediaType, byte[] content) throws IOException {
        Descriptor descriptor = Descriptor.of(mediaType, content);
        put(descriptor, ByteSource.of(content));
        return descriptor;
    }

    /** Copies everything that {@code top} leads to: manifests, configurations, layers. */
    public void copy(Descriptor top, Blobs from) throws IOException {
        walk(top, from, this::put);
    }

    /** Receives blobs one after another. */
    @FunctionalInterface
    interface Visitor {
        void blob(Descriptor descriptor, ByteSource content) throws IOException;
    }

    /** Visits everything that {@code top} leads to, parts before whatever names them. */
    static void walk(Descriptor top, Blobs from, Visitor visitor) throws IOException {
        walk(top, from, visitor, 0);
    }

    private static void walk(Descriptor descriptor, Blobs from, Visitor visitor, int depth) throws IOException {
        if (depth > MAX_DEPTH) {
            throw new FormatException("OCI index", 0, "more than %d nested indexes".formatted(MAX_DEPTH));
        }
        if (MediaType.isIndex(descriptor.mediaType())) {
            for (Descriptor manifest : Index.parse(from.document(descriptor)).manifests()) {
                walk(manifest, from, visitor, depth + 1);
            }
        } else if (MediaType.isManifest(descriptor.mediaType())) {
            Manifest manifest = Manifest.parse(from.document(descriptor));
            for (Descriptor layer : manifest.layers()) {
                visitor.blob(layer, from.get(layer));
            }
            visitor.blob(manifest.config(), from.get(manifest.config()));
        }
        visitor.blob(descriptor, from.get(descriptor));
    }

    /** The entry with this name, or null. */
    public @Nullable Descriptor named(String name) throws IOException {
        for (Descriptor entry : index().manifests()) {
            if (name.equals(entry.annotations().get(Descriptor.REF_NAME))) {
                return entry;
            }
        }
        return null;
    }

    /** Adds an entry to {@code index.json}, replacing any with the same reference name. */
    public void add(Descriptor descriptor) throws IOException {
        alone(() -> {
            Index before = index();
            String name = descriptor.annotations().get(Descriptor.REF_NAME);
            List<Descriptor> manifests = new ArrayList<>();
            for (Descriptor entry : before.manifests()) {
                boolean replaced = name != null
                        ? Objects.equals(name, entry.annotations().get(Descriptor.REF_NAME))
                        : entry.equals(descriptor);
                if (!replaced) {
                    manifests.add(entry);
                }
            }
            manifests.add(descriptor);
            replace(INDEX_FILE, new Index(MediaType.OCI_INDEX, manifests, before.annotations()).toBytes());
        });
    }

    private interface Change {
        void make() throws IOException;
    }

    private void alone(Change change) throws IOException {
        Path layout = directory.toRealPath();
        try {
            WRITING.take(layout);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for " + layout);
        }
        try (OpenFile channel =
                        OpenFile.of(directory.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock _ = channel.lock()) {
            change.make();
        } finally {
            WRITING.giveBack(layout);
        }
    }

    private void replace(String name, byte[] content) throws IOException {
        NewFile.write(directory.resolve(name), out -> {
            out.write(content);
            return content.length;
        });
    }
}
