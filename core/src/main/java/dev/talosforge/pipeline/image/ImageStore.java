package dev.talosforge.pipeline.image;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.engine.Identity;
import dev.talosforge.engine.Step;
import dev.talosforge.engine.Store;
import dev.talosforge.format.tar.LostXattrs;
import dev.talosforge.format.tar.TarLimits;
import dev.talosforge.net.Parallel;
import dev.talosforge.oci.Blobs;
import dev.talosforge.oci.Descriptor;
import dev.talosforge.oci.Flattening;
import dev.talosforge.oci.Image;
import dev.talosforge.oci.ImageConfig;
import dev.talosforge.oci.ImagePlace;
import dev.talosforge.oci.ImagesOnDisk;
import dev.talosforge.oci.Manifest;
import dev.talosforge.oci.MediaType;
import dev.talosforge.oci.Platform;
import dev.talosforge.pipeline.context.BuildContext;
import dev.talosforge.pipeline.context.Failures;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.registry.Resolved;
import dev.talosforge.talos.Architecture;
import dev.talosforge.tree.DiskTree;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Pulls images from registries, layouts and archives into the store, and unpacks their layers to one file tree. */
public final class ImageStore {
    /** Raised with every change of what unpacking produces. */
    private static final int UNPACK_REVISION = 3;

    /** Of one image: Talos' imager is about 1 GB in 10,000 files. */
    private static final TarLimits LIMITS = new TarLimits(500_000, 16L << 30);

    /** The longest text about an image, in bytes: a line. */
    private static final int MAX_NOTE = 1 << 16;

    private final BuildContext context;
    private final String unit;
    private final Platform platform;
    private final String label;

    public ImageStore(BuildContext context, String unit, Architecture architecture) {
        this(context, unit, architecture, false);
    }

    /**
     * Images of one architecture.
     *
     * @param several whether those of other architectures are pulled, too: then steps name theirs
     */
    public ImageStore(BuildContext context, String unit, Architecture architecture, boolean several) {
        this.context = context;
        this.unit = unit;
        this.platform = Platform.linux(architecture.label());
        this.label = several ? " " + architecture.label() : "";
    }

    /** For the store's blobs only. */
    public ImageStore(BuildContext context) {
        this(context, "", Architecture.AMD64);
    }

    /** Resolves all places at the same time; every problem of every place is reported at once. */
    public List<ResolvedImage> resolve(List<ImagePlace> places) throws Exception {
        List<Callable<Object>> work = new ArrayList<>();
        for (ImagePlace place : places) {
            work.add(() -> {
                try {
                    return find(place.of(platform.architecture()));
                } catch (BuildException e) {
                    return e;
                }
            });
        }
        List<ResolvedImage> found = new ArrayList<>();
        // In the order of the places; two endpoints that say the same are two problems.
        SequencedSet<Problem> problems = new LinkedHashSet<>();
        for (Object result : Parallel.all(work)) {
            if (result instanceof BuildException failed) {
                problems.addAll(failed.problems());
            } else if (result instanceof ResolvedImage image) {
                found.add(image);
            }
        }
        if (!problems.isEmpty()) {
            throw new BuildException(List.copyOf(problems), null);
        }
        return found;
    }

    private ResolvedImage find(ImagePlace place) throws IOException, InterruptedException {
        ResolvedImage local = inStore(place);
        if (local != null) {
            checkPlatform(local, false);
            return local;
        }
        ResolvedImage found = look(place);
        checkPlatform(found, true);
        return found;
    }

    /** An image outside an index names its platform only in its configuration. */
    private void checkPlatform(ResolvedImage found, boolean ask) throws IOException, InterruptedException {
        Blobs onDisk = found.onDisk();
        if (onDisk == null && MediaType.isIndex(found.top().mediaType())) {
            return;
        }
        Descriptor config = found.manifest().config();
        try {
            if (onDisk != null) {
                check(found, ImageConfig.parse(onDisk.document(config)));
                return;
            }
            if (context.store().find(config.digest()) == null) {
                if (!ask || !(found.place() instanceof ImagePlace.InRegistry registry)) {
                    return;
                }
                fetch(registry, config);
            }
            if (context.store().find(config.digest()) != null) {
                check(found, ImageConfig.parse(blobs().document(config)));
            }
        } catch (FormatException e) {
            // Reported with all problems of the image when it is pulled.
        }
    }

    /** What is not available now is reported when the image is pulled. */
    private void fetch(ImagePlace.InRegistry place, Descriptor config) throws InterruptedException {
        try {
            context.registries()
                    .pullBlob(place.reference(), config, context.store().path(config.digest()));
        } catch (BuildException e) {
            // the image may be in the store of another machine, or the registry is gone meanwhile
        }
    }

    private ResolvedImage look(ImagePlace place) throws IOException, InterruptedException {
        return switch (place) {
            case ImagePlace.InRegistry registry -> {
                Resolved resolved = new ManifestCache(context.store())
                        .keep(context.registries().resolve(registry.reference(), platform));
                yield new ResolvedImage(
                        new ImagePlace.InRegistry(resolved.reference()),
                        resolved.top(),
                        resolved.selected(),
                        resolved.manifest(),
                        null);
            }
            case ImagePlace.OnDisk disk -> onDisk(disk);
        };
    }

    private ResolvedImage onDisk(ImagePlace.OnDisk place) throws IOException, InterruptedException {
        if (!Files.exists(place.path())) {
            throw new BuildException(Problem.failed(Problem.Kind.INVALID_INPUT, "cannot use image " + place)
                    .because("there is no %s".formatted(place.path()))
                    .trying("build it first, or correct the path"));
        }
        String mismatch = place.mismatch();
        if (mismatch != null) {
            throw new BuildException(Problem.failed(Problem.Kind.INVALID_INPUT, "cannot use image " + place)
                    .because(mismatch));
        }
        return Failures.named("cannot use image " + place, () -> {
            ImagesOnDisk images = ImagesOnDisk.open(place, context::keep);
            Descriptor top = images.find(place, platform);
            Image image = Image.read(top, platform, images.blobs());
            return new ResolvedImage(
                    place.pinned(top.digest()), top, image.descriptor(), image.manifest(), images.blobs());
        });
    }

    /**
     * A pinned image that is already in the store, such as one that was built here and not pushed; null if it is not.
     * The layers of an image from a registry may still be only there.
     */
    private @Nullable ResolvedImage inStore(ImagePlace place) throws IOException {
        Sha256 digest = place.digest();
        ManifestCache.Kept kept = digest == null ? null : new ManifestCache(context.store()).find(digest, platform);
        return kept != null && (place instanceof ImagePlace.InRegistry || isHere(kept.manifest()))
                ? new ResolvedImage(place, kept.top(), kept.selected(), kept.manifest(), null)
                : null;
    }

    private boolean isHere(Manifest manifest) throws IOException {
        for (Descriptor layer : manifest.layers()) {
            if (!isHere(layer)) {
                return false;
            }
        }
        return isHere(manifest.config());
    }

    /** As far as this can be checked without reading it. */
    private boolean isHere(Descriptor descriptor) throws IOException {
        ByteSource blob = context.store().find(descriptor.digest());
        return blob != null && blob.size() == descriptor.size();
    }

    private Path place(Sha256 digest) {
        try {
            return context.store().place(digest);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Pulls configuration and layers into the store, unless they are there. */
    public Image pull(ResolvedImage found) throws IOException, InterruptedException {
        String step = "pull " + found.place().shortName() + label;
        boolean here = isHere(found.manifest());
        if (!here) {
            context.events().started(unit, step);
            Blobs onDisk = found.onDisk();
            if (onDisk != null) {
                Failures.named("cannot use image " + found.place(), () -> copy(found.manifest(), onDisk));
            } else if (found.place() instanceof ImagePlace.InRegistry registry) {
                context.registries().pull(registry.reference(), platform, this::place);
            }
        }
        Image image = Failures.named(
                "cannot use image " + found.place(),
                () -> Image.matched(
                        found.selected(),
                        found.manifest(),
                        ImageConfig.parse(blobs().document(found.manifest().config()))));
        check(found, image.config());
        context.events().finished(unit, step, shortDigest(found), here);
        return image;
    }

    private int copy(Manifest manifest, Blobs from) throws IOException {
        List<Descriptor> wanted = new ArrayList<>(manifest.layers());
        wanted.add(manifest.config());
        for (Descriptor blob : wanted) {
            ByteSource content = from.get(blob);
            Sha256 digest = context.store().put(out -> {
                try (InputStream in = content.open()) {
                    in.transferTo(out);
                }
            });
            if (!digest.equals(blob.digest())) {
                throw new FormatException(
                        "OCI blob", 0, "the content of %s has the digest %s".formatted(blob.digest(), digest));
            }
        }
        return wanted.size();
    }

    /**
     * Checks the platform: a single image is used for any architecture, and a wrong one would fail only on the node.
     */
    private void check(ResolvedImage found, ImageConfig config) {
        Platform made = config.platform();
        boolean declared = !made.os().isEmpty() && !made.architecture().isEmpty();
        if (declared && !(made.os().equals(platform.os()) && made.architecture().equals(platform.architecture()))) {
            throw new BuildException(Problem.failed(Problem.Kind.BAD_ARTIFACT, "cannot use image " + found.place())
                    .because("it is for %s, but the unit builds for %s".formatted(made, platform))
                    .trying("publish it for %s as well, as one index".formatted(platform)));
        }
    }

    /**
     * The image's files, as far as they are wanted.
     *
     * @param only paths to keep, with everything below them; empty for everything
     */
    public FileTree unpack(ResolvedImage found, Image image, List<String> only)
            throws IOException, InterruptedException {
        Identity identity = Identity.of("unpack", UNPACK_REVISION).with("only", String.join("\0", only));
        image.manifest().layers().forEach(layer -> identity.with("layer", layer.digest()));
        Sha256 lost = Identity.of("lost by unpack", UNPACK_REVISION)
                .with("unpack", identity.digest())
                .digest();
        FileTree tree = Failures.named(
                "cannot use image " + found.place(),
                () -> context.steps()
                        .run(
                                unit,
                                "unpack " + found.place().shortName() + label,
                                identity.digest(),
                                new Unpack(image, only, lost))
                        .tree());
        ByteSource note = context.store().result(lost);
        if (note != null) {
            String text = new String(note.readAll("note", MAX_NOTE), StandardCharsets.UTF_8);
            context.events().warning(unit, "%s: %s".formatted(found.place(), text));
        }
        return tree;
    }

    public Blobs blobs() {
        return descriptor -> {
            ByteSource blob = context.store().find(descriptor.digest());
            if (blob == null) {
                throw new IOException("the store has no blob " + descriptor.digest());
            }
            return blob;
        };
    }

    private static String shortDigest(ResolvedImage found) {
        String tag = found.place().tag();
        return (tag == null ? "" : tag + "@") + found.selected().digest().shortText();
    }

    private final class Unpack implements Step<StoredTree> {
        private final Image image;
        private final List<String> only;
        private final Sha256 lost;

        /** The result, and the place of the record of what was left out, which every run reports. */
        Unpack(Image image, List<String> only, Sha256 lost) {
            this.image = image;
            this.only = only;
            this.lost = lost;
        }

        @Override
        public StoredTree make(Store store) throws IOException {
            Path spool = store.temporaryFolder("unpack");
            try {
                LostXattrs xattrs = new LostXattrs();
                FileTree all = new Flattening(blobs(), LIMITS).flatten(image, spool, xattrs);
                String warning = xattrs.warning();
                if (warning != null && only.isEmpty()) { // of the imager's own files nothing is packed
                    byte[] note = warning.getBytes(StandardCharsets.UTF_8);
                    store.keep(lost, out -> out.write(note));
                }
                return StoredTree.save(store, only.isEmpty() ? all : all.filter(this::isWanted));
            } finally {
                DiskTree.delete(spool);
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
        public void write(StoredTree result, OutputStream out) throws IOException {
            TreeRecord.write(result, out);
        }

        @Override
        public @Nullable StoredTree read(InputStream in, Store store) throws IOException {
            return TreeRecord.read(in, store);
        }

        @Override
        public String describe(StoredTree result) {
            return "%d files".formatted(result.tree().size());
        }
    }
}
