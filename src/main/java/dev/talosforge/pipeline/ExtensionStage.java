package dev.talosforge.pipeline;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.debian.DebFile;
import dev.talosforge.debian.DebianLock;
import dev.talosforge.debian.DebianRoot;
import dev.talosforge.engine.Identity;
import dev.talosforge.engine.Parallel;
import dev.talosforge.json.Json;
import dev.talosforge.oci.Image;
import dev.talosforge.oci.ImagePlace;
import dev.talosforge.oci.Platform;
import dev.talosforge.talos.Architecture;
import dev.talosforge.talos.ExtensionImage;
import dev.talosforge.talos.ExtensionManifest;
import dev.talosforge.tree.DiskTree;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.Entry.Attributes;
import dev.talosforge.tree.FileTree;
import dev.talosforge.tree.TreeBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** {@code talos_extension}: a system extension from Debian packages and files, checked and published. */
final class ExtensionStage {
    /** Raised with every change of a byte of the image. */
    static final int REVISION = 2;

    /** Where no time is given: 2025-01-01. Nothing in an extension is older or younger than that. */
    private static final long FALLBACK_TIME = 1_735_689_600L;

    private static final int MAX_FILES_TOLD = 1000;

    private final Workshop workshop;
    private final String unit;
    private final ExtensionInputs inputs;
    private final long created;

    ExtensionStage(Workshop workshop, String unit, ExtensionInputs inputs) {
        this.workshop = workshop;
        this.unit = unit;
        this.inputs = inputs;
        Long given = workshop.sourceDate();
        this.created = given == null ? FALLBACK_TIME : given;
    }

    Made describe() throws IOException {
        Made made = new Made("system extension");
        made.add("extension", inputs.name() + " " + inputs.version());
        if (!inputs.architectures().equals(List.of(Architecture.AMD64))) {
            made.add("architectures", PlaceInputs.labels(inputs.architectures()));
        }
        made.add("compatibility", inputs.talosCompatibility());
        made.add("Debian packages", String.join(", ", inputs.debianPackages()));
        made.add("lock", inputs.debianLock() + (Files.exists(inputs.debianLock()) ? "" : " (to be written)"));
        if (!inputs.debianPackages().isEmpty()) {
            DebianLock.versions(inputs.debianLock())
                    .forEach((name, version) -> made.add(Differences.PACKAGE + name, version));
        }
        for (Map.Entry<String, String> file : inputs.files().entrySet()) {
            made.add(
                    "file " + file.getKey(),
                    Sha256.of(file.getValue().getBytes(java.nio.charset.StandardCharsets.UTF_8))
                            .toString());
        }
        if (inputs.rootfs() != null) {
            FileTree rootfs = DiskTree.read(inputs.rootfs());
            made.add("rootfs", rootfsDigest(rootfs));
            rootfsFiles(rootfs, made);
        }
        boolean kept = inputs.target() instanceof ImagePlace.InRegistry && !workshop.push();
        made.add("image", inputs.target() + (kept ? " (not pushed)" : ""));
        made.add("stage code", "revision " + REVISION);
        return made;
    }

    /** Each file on its own, unless there are so many that nobody would read them. */
    private static void rootfsFiles(FileTree rootfs, Made made) throws IOException {
        List<Entry> files = rootfs.entries().stream()
                .filter(entry -> !(entry instanceof Entry.Directory))
                .toList();
        if (files.size() > MAX_FILES_TOLD) {
            return;
        }
        for (Entry entry : files) {
            String content = switch (entry) {
                case Entry.RegularFile file -> Sha256.of(file.content()).toString();
                case Entry.Symlink link -> "-> " + link.target();
                default -> "no file";
            };
            boolean runnable = (entry.attributes().permissions() & 0100) != 0 && entry instanceof Entry.RegularFile;
            made.add(Differences.ROOTFS_FILE + entry.path(), content + (runnable ? ", runnable" : ""));
        }
    }

    private static String rootfsDigest(FileTree rootfs) throws IOException {
        Identity identity = Identity.of("rootfs", 1);
        for (Entry entry : rootfs.entries()) {
            identity.with("path", entry.path());
            switch (entry) {
                case Entry.RegularFile file -> identity.with("content", Sha256.of(file.content()));
                case Entry.Symlink link -> identity.with("link", link.target());
                default -> identity.with("kind", "directory");
            }
            identity.with("mode", entry.attributes().permissions() & 0100);
        }
        return identity.digest().toString();
    }

    /**
     * Makes and delivers it.
     *
     * @param last digest of what the last apply published; null when there is no record
     */
    SequencedMap<String, Json> apply(@Nullable Sha256 last) throws Exception {
        List<Callable<Image>> work = new ArrayList<>();
        for (Architecture architecture : inputs.architectures()) {
            work.add(() -> make(architecture));
        }
        SequencedMap<Architecture, Image> images = new LinkedHashMap<>();
        for (Image image : Parallel.all(work)) {
            images.put(inputs.architectures().get(images.size()), image);
        }
        Delivery delivery = new Delivery(workshop, unit);
        Delivery.Parcel parcel = delivery.parcel(images, annotations());
        boolean own = inputs.version().equals(inputs.target().tag());
        boolean always = own || inputs.overwriteTag() || workshop.overwriteTags();
        delivery.deliver(inputs.target(), parcel, List.of(), new Delivery.Allowance(always, last));
        SemanticVersion version = SemanticVersion.parse(inputs.version());
        if (inputs.semanticTags() && version != null) {
            new MovingTags(workshop, unit, delivery).follow(inputs.target(), parcel, version);
        }
        SequencedMap<String, Json> outputs = new TreeMap<>();
        outputs.put(
                "extension_image",
                Json.of(Delivery.pinned(inputs.target(), parcel).toString()));
        outputs.put("extension_digest", Json.of(parcel.top().digest().toString()));
        outputs.put("extension_version", Json.of(inputs.version()));
        return outputs;
    }

    private Image make(Architecture architecture) throws IOException, InterruptedException {
        String label = inputs.architectures().size() == 1 ? "" : " " + architecture.label();
        List<DebFile> packages = List.of();
        if (!inputs.debianPackages().isEmpty()) {
            String step = "Debian packages" + label;
            workshop.events().started(unit, step);
            packages = workshop.debian()
                    .of(architecture.label())
                    .locked(inputs.name(), inputs.debianPackages(), inputs.debianLock());
            workshop.events().finished(unit, step, packages.size() + " packages", false);
        }
        String step = "extension " + inputs.name() + label;
        workshop.events().started(unit, step);
        Path spool = workshop.store().temporaryFolder("extension");
        Image image;
        try {
            List<DebFile> from = packages;
            FileTree tree = Failures.named("cannot make extension " + inputs.name(), () -> tree(from, spool));
            ExtensionImage.load(List.of(new ExtensionImage(inputs.target().toString(), tree, false)), inputs.rules());
            image = SingleLayerImage.make(
                    workshop, tree, Platform.linux(architecture.label()), null, annotations(), created);
        } finally {
            PulledImages.delete(spool);
        }
        workshop.events()
                .finished(unit, step, PulledImages.shortened(image.descriptor().digest()), false);
        return image;
    }

    /** What moving tags, and people, tell an older one by. */
    private SequencedMap<String, String> annotations() {
        SequencedMap<String, String> annotations = new TreeMap<>();
        annotations.put(MovingTags.VERSION, inputs.version());
        return annotations;
    }

    private FileTree tree(List<DebFile> packages, Path spool) throws IOException {
        TreeBuilder tree = new TreeBuilder(created);
        tree.directory("rootfs", 0755);
        tree.file("manifest.yaml", 0644, ByteSource.of(manifest().toBytes()));
        String base = inputs.container() == null ? "rootfs" : "rootfs/usr/local/lib/containers/" + inputs.container();
        if (!packages.isEmpty()) {
            List<ByteSource> files = new ArrayList<>();
            for (DebFile debian : packages) {
                files.add(ByteSource.of(debian.file()));
            }
            for (Entry entry : DebianRoot.of(files, spool).entries()) {
                tree.add(placed(entry, base));
            }
        }
        if (inputs.rootfs() != null) {
            for (Entry entry : DiskTree.read(inputs.rootfs()).entries()) {
                tree.add(normal(entry).withPath("rootfs/" + entry.path()));
            }
        }
        inputs.files().forEach((path, text) -> tree.file("rootfs/" + path, 0644, text));
        return tree.build();
    }

    /** Owners, times and umask of the working copy are nobody's business: what git keeps is whether it may be run. */
    private Entry normal(Entry entry) {
        boolean runnable =
                entry instanceof Entry.Directory || (entry.attributes().permissions() & 0100) != 0;
        int permissions = entry instanceof Entry.Symlink ? 0777 : runnable ? 0755 : 0644;
        return entry.withAttributes(Attributes.root(permissions, created));
    }

    private Entry placed(Entry entry, String base) {
        Attributes attributes = new Attributes(
                entry.attributes().permissions(),
                entry.attributes().uid(),
                entry.attributes().gid(),
                created);
        String path = base + "/" + entry.path();
        return entry instanceof Entry.HardLink link
                ? new Entry.HardLink(path, attributes, base + "/" + link.target())
                : entry.withPath(path).withAttributes(attributes);
    }

    private ExtensionManifest manifest() {
        return new ExtensionManifest(
                inputs.name(),
                inputs.version(),
                inputs.author(),
                inputs.description(),
                inputs.talosCompatibility(),
                "");
    }
}
