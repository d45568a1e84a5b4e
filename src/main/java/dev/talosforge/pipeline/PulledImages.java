package dev.talosforge.pipeline;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.bytes.StreamDecoder;
import dev.talosforge.engine.Identity;
import dev.talosforge.engine.Parallel;
import dev.talosforge.engine.Step;
import dev.talosforge.engine.Store;
import dev.talosforge.format.compress.Gzip;
import dev.talosforge.format.compress.Xz;
import dev.talosforge.format.compress.Zstd;
import dev.talosforge.format.tar.TarLimits;
import dev.talosforge.json.JsonReader;
import dev.talosforge.oci.Blobs;
import dev.talosforge.oci.Compression;
import dev.talosforge.oci.Descriptor;
import dev.talosforge.oci.Flattening;
import dev.talosforge.oci.Image;
import dev.talosforge.oci.ImageConfig;
import dev.talosforge.oci.ImageReference;
import dev.talosforge.oci.Manifest;
import dev.talosforge.oci.MediaType;
import dev.talosforge.oci.Platform;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.registry.Resolved;
import dev.talosforge.talos.Architecture;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Brings images from registries into the store, and their layers to one file tree. */
final class PulledImages {
    /** Raised with every change of what unpacking makes. */
    private static final int UNPACK_REVISION = 1;

    /** Of one image: Talos' imager is about 1 GB in 10,000 files. */
    private static final int MAX_MANIFEST = 4 << 20;

    private static final TarLimits LIMITS = new TarLimits(500_000, 16L << 30);

    private final Workshop workshop;
    private final String unit;
    private final Platform platform;

    PulledImages(Workshop workshop, String unit, Architecture architecture) {
        this.workshop = workshop;
        this.unit = unit;
        this.platform = Platform.linux(architecture.label());
    }

    /** For the store's blobs only. */
    PulledImages(Workshop workshop) {
        this(workshop, "", Architecture.AMD64);
    }

    /** Resolves all references at the same time; every problem of every reference is reported at once. */
    List<Resolved> resolve(List<ImageReference> references) throws Exception {
        List<Callable<Object>> work = new ArrayList<>();
        for (ImageReference reference : references) {
            work.add(() -> {
                try {
                    Resolved local = inStore(reference);
                    return local == null ? workshop.registries().resolve(reference, platform) : local;
                } catch (BuildException e) {
                    return e;
                }
            });
        }
        List<Resolved> resolved = new ArrayList<>();
        // In the order of the references; two endpoints that say the same are two problems.
        SequencedSet<Problem> problems = new LinkedHashSet<>();
        for (Object result : Parallel.all(work)) {
            if (result instanceof BuildException failed) {
                problems.addAll(failed.problems());
            } else if (result instanceof Resolved image) {
                resolved.add(image);
            }
        }
        if (!problems.isEmpty()) {
            throw new BuildException(List.copyOf(problems), null);
        }
        return resolved;
    }

    /**
     * A pinned image that is in the store already, as one that was built here and not pushed; null when it is not. A
     * digest names its content wherever that is.
     */
    private @Nullable Resolved inStore(ImageReference reference) throws IOException {
        Sha256 digest = reference.digest();
        ByteSource bytes = digest == null ? null : workshop.store().find(digest);
        if (digest == null || bytes == null) {
            return null;
        }
        byte[] document;
        String mediaType;
        try {
            document = bytes.readAll("OCI manifest", MAX_MANIFEST);
            mediaType = JsonReader.readObject("OCI manifest", document).text("mediaType");
        } catch (FormatException e) {
            return null; // a digest of something else: the registry says so
        }
        if (mediaType == null
                || !MediaType.isManifest(mediaType)
                || !Sha256.of(document).equals(digest)) {
            return null;
        }
        Descriptor top = new Descriptor(mediaType, digest, document.length);
        Manifest manifest = Manifest.parse(document);
        return isHere(manifest) ? new Resolved(reference, top, bytes, top, bytes, manifest) : null;
    }

    private boolean isHere(Manifest manifest) throws IOException {
        for (Descriptor layer : manifest.layers()) {
            if (workshop.store().find(layer.digest()) == null) {
                return false;
            }
        }
        return workshop.store().find(manifest.config().digest()) != null;
    }

    /** Brings configuration and layers into the store, unless they are there. */
    Image pull(Resolved resolved) throws IOException, InterruptedException {
        String step = "pull " + nameOf(resolved.reference());
        boolean here = isHere(resolved.manifest());
        if (!here) {
            workshop.events().started(unit, step);
            workshop.registries().pull(resolved.reference(), platform, workshop.store()::path);
        }
        ImageConfig config = Failures.named(
                "cannot use image " + resolved.reference(),
                () -> ImageConfig.parse(blobs().document(resolved.manifest().config())));
        workshop.events().finished(unit, step, shortDigest(resolved), here);
        return new Image(resolved.selected(), resolved.manifest(), config);
    }

    /**
     * The image's files, as far as they are wanted.
     *
     * @param only paths that are kept with all below them; empty for everything
     */
    FileTree unpack(ImageReference reference, Image image, List<String> only) throws IOException, InterruptedException {
        Identity identity = Identity.of("unpack", UNPACK_REVISION).with("only", String.join("\0", only));
        image.manifest().layers().forEach(layer -> identity.with("layer", layer.digest()));
        return Failures.named(
                "cannot use image " + reference,
                () -> workshop.steps()
                        .run(unit, "unpack " + nameOf(reference), identity.digest(), new Unpack(image, only))
                        .tree());
    }

    Blobs blobs() {
        return descriptor -> {
            ByteSource blob = workshop.store().find(descriptor.digest());
            if (blob == null) {
                throw new IOException("the store has no blob " + descriptor.digest());
            }
            return blob;
        };
    }

    /** The last part of the repository's name: what a person calls the image. */
    static String nameOf(ImageReference reference) {
        return FileTree.nameOf(reference.repository());
    }

    private static String shortDigest(Resolved resolved) {
        String tag = resolved.reference().tag();
        return (tag == null ? "" : tag + "@") + shortened(resolved.selected().digest());
    }

    /** For people: the outputs have the whole digest. */
    static String shortened(Sha256 digest) {
        return digest.toString().substring(0, "sha256:".length() + 12);
    }

    private static StreamDecoder decoder(Compression compression) {
        return switch (compression) {
            case GZIP -> Gzip.decoder();
            case ZSTD -> Zstd.decoder();
            case XZ -> Xz.decoder();
            case NONE -> throw new IllegalArgumentException("nothing to decode");
        };
    }

    private final class Unpack implements Step<StoredTree> {
        private final Image image;
        private final List<String> only;

        Unpack(Image image, List<String> only) {
            this.image = image;
            this.only = only;
        }

        @Override
        public StoredTree make(Store store) throws IOException {
            Path spool = store.temporaryFolder("unpack");
            try {
                FileTree all = new Flattening(blobs(), PulledImages::decoder, LIMITS).flatten(image, spool);
                return StoredTree.save(store, only.isEmpty() ? all : all.filter(this::isWanted));
            } finally {
                delete(spool);
            }
        }

        private boolean isWanted(Entry entry) {
            for (String wanted : only) {
                if (entry.path().equals(wanted)
                        || entry.path().startsWith(wanted + "/")
                        || wanted.startsWith(entry.path() + "/")) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public byte[] write(StoredTree result) {
            return result.index().compact().getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public @Nullable StoredTree read(byte[] bytes, Store store) throws IOException {
            try {
                return StoredTree.load(store, JsonReader.readObject("stored tree", bytes));
            } catch (FormatException e) {
                return null; // of another age: made anew
            }
        }

        @Override
        public String describe(StoredTree result) {
            return "%d files".formatted(result.tree().size());
        }
    }

    static void delete(Path folder) throws IOException {
        try (Stream<Path> walk = Files.walk(folder)) {
            for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
