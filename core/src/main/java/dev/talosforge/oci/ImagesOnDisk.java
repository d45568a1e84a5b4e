package dev.talosforge.oci;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.LimitedInputStream;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.format.compress.Compression;
import java.io.BufferedInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The images of a layout or an archive.
 *
 * @param index its entries; their names are annotations
 */
public record ImagesOnDisk(Index index, Blobs blobs) {
    private static final String STRUCTURE = "images on disk";

    /** Unpacks archives that are compressed as a whole, because members are read at random positions. */
    @FunctionalInterface
    public interface Room {
        /** Stores the bytes as long as the images are used. */
        ByteSource keep(String structure, InputStream content) throws IOException;
    }

    /** Opens a place whose path is resolved to one architecture. */
    public static ImagesOnDisk open(ImagePlace.OnDisk place, Room room) throws IOException {
        return switch (place) {
            case ImagePlace.InLayout layout -> {
                OciLayout opened = OciLayout.open(layout.path());
                yield new ImagesOnDisk(opened.index(), opened);
            }
            case ImagePlace.InOciArchive archive -> {
                OciArchive read = OciArchive.read(unpacked(ByteSource.of(archive.path()), room));
                yield new ImagesOnDisk(read.index(), read);
            }
            case ImagePlace.InDockerArchive archive -> {
                DockerArchive read = DockerArchive.read(unpacked(ByteSource.of(archive.path()), room));
                yield new ImagesOnDisk(read.index(), read);
            }
        };
    }

    /** Undoes the compression of an archive as a whole, as {@code docker load} does. */
    public static ByteSource unpacked(ByteSource archive, Room room) throws IOException {
        Compression compression = Compression.of(archive);
        if (compression == Compression.NONE) {
            return archive;
        }
        try (InputStream in = compression.decoder().decode(new BufferedInputStream(archive.open(), 1 << 16))) {
            ByteSource kept = room.keep("archive", new LimitedInputStream(in, ArchiveMembers.MAX_BYTES + 1));
            if (kept.size() > ArchiveMembers.MAX_BYTES) {
                throw new FormatException(
                        "archive", ArchiveMembers.MAX_BYTES, "more than %d bytes".formatted(ArchiveMembers.MAX_BYTES));
            }
            return kept;
        }
    }

    /**
     * The requested image or index: by its digest, otherwise by its name, otherwise the only one. If a name stands for
     * several, the one for the platform.
     */
    public Descriptor find(ImagePlace.OnDisk place, Platform platform) throws IOException {
        Sha256 digest = place.digest();
        if (digest != null) {
            return find(digest);
        }
        List<Descriptor> named = named(place);
        if (named.isEmpty()) {
            String name = name(place);
            throw new FormatException(
                    STRUCTURE, 0, name == null ? "it has no image" : "it has no image %s; %s".formatted(name, names()));
        }
        List<Descriptor> fitting = new ArrayList<>();
        for (Descriptor entry : named) {
            if (entry.platform() == null || platform.accepts(entry.platform())) {
                fitting.add(entry);
            }
        }
        if (different(fitting) > 1) { // an entry without a platform may state it in its configuration
            List<Descriptor> sure = new ArrayList<>();
            for (Descriptor entry : fitting) {
                if (ImageChoice.<RuntimeException>in(Index.of(List.of(entry)), platform, blobs::document) != null) {
                    sure.add(entry);
                }
            }
            fitting = sure;
        }
        long different = different(fitting);
        if (named.size() > 1 && different != 1) {
            throw new FormatException(
                    STRUCTURE,
                    0,
                    different == 0
                            ? "it has no image for " + platform
                            : "it has several images, so name one; %s".formatted(names()));
        }
        return named.size() == 1 ? named.getFirst() : fitting.getFirst();
    }

    private static @Nullable String name(ImagePlace.OnDisk place) {
        return place instanceof ImagePlace.InDockerArchive archive ? text(archive.saved()) : place.tag();
    }

    /** All entries with the place's name; without a name, all. */
    public List<Descriptor> named(ImagePlace.OnDisk place) {
        String name = name(place);
        List<Descriptor> named = new ArrayList<>();
        for (Descriptor entry : index.manifests()) {
            if (name == null || name.equals(entry.annotations().get(Descriptor.REF_NAME))) {
                named.add(entry);
            }
        }
        return named;
    }

    /** Whether a folder is a layout. */
    public static boolean isLayout(Path folder) {
        return Files.isRegularFile(folder.resolve(OciLayout.LAYOUT_FILE));
    }

    /** Whether everything that an entry leads to is there in its size; contents are not read. */
    public boolean isWhole(Descriptor top) throws IOException {
        List<Descriptor> shorter = new ArrayList<>();
        try {
            OciLayout.walk(top, blobs, (descriptor, content) -> {
                if (content.size() != descriptor.size()) {
                    shorter.add(descriptor);
                }
            });
        } catch (FileNotFoundException | NoSuchFileException e) {
            return false;
        }
        return shorter.isEmpty();
    }

    private static long different(List<Descriptor> entries) {
        return entries.stream().map(Descriptor::digest).distinct().count();
    }

    private static @Nullable String text(@Nullable ImageReference saved) {
        return saved == null ? null : saved.toString();
    }

    private Descriptor find(Sha256 digest) throws IOException {
        for (Descriptor entry : index.manifests()) {
            if (entry.digest().equals(digest)) {
                return entry;
            }
        }
        byte[] bytes;
        try {
            // No entry gives this blob's size, so only the digest is checked.
            bytes = blobs.get(new Descriptor(MediaType.OCI_MANIFEST, digest, 0))
                    .readAll("OCI manifest", Members.MAX_DOCUMENT);
        } catch (FileNotFoundException | NoSuchFileException e) {
            FormatException missing = new FormatException(STRUCTURE, 0, "it has no image " + digest);
            missing.initCause(e);
            throw missing;
        }
        String mediaType = Members.document("OCI manifest", bytes).text("mediaType");
        if (mediaType == null || !(MediaType.isManifest(mediaType) || MediaType.isIndex(mediaType))) {
            throw new FormatException(STRUCTURE, 0, "%s is not an image".formatted(digest));
        }
        return new Descriptor(mediaType, digest, bytes.length);
    }

    private String names() {
        TreeSet<String> names = new TreeSet<>();
        for (Descriptor entry : index.manifests()) {
            String name = entry.annotations().get(Descriptor.REF_NAME);
            names.add(name == null ? entry.digest().toString() : name);
        }
        return names.isEmpty() ? "it has no named images" : "it has: " + String.join(", ", names);
    }
}
