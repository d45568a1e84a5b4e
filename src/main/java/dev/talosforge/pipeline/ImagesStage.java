package dev.talosforge.pipeline;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.engine.Parallel;
import dev.talosforge.json.Json;
import dev.talosforge.oci.Descriptor;
import dev.talosforge.oci.Image;
import dev.talosforge.oci.ImageReference;
import dev.talosforge.oci.MediaType;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.registry.Pushed;
import dev.talosforge.registry.Resolved;
import dev.talosforge.registry.TagPolicy;
import dev.talosforge.talos.InstallerImage;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/** {@code talos_images}: one plan, an installer image and a boot ISO with the same extensions. */
final class ImagesStage {
    private static final String GRUB_FOLDER = "usr/lib/grub/i386-pc";

    private final Workshop workshop;
    private final String unit;
    private final ImagesInputs inputs;
    private final PulledImages images;

    ImagesStage(Workshop workshop, String unit, ImagesInputs inputs) {
        this.workshop = workshop;
        this.unit = unit;
        this.inputs = inputs;
        this.images = new PulledImages(workshop, unit, inputs.architecture());
    }

    /** Every reference of the plan with its digest: the imager, the base, then the extensions. */
    record Sources(Resolved imager, Resolved base, List<Resolved> extensions) {}

    Sources resolve() throws Exception {
        List<ImageReference> references = new ArrayList<>(List.of(inputs.imager(), inputs.base()));
        references.addAll(inputs.extensions());
        List<Resolved> resolved = images.resolve(references);
        return new Sources(resolved.get(0), resolved.get(1), resolved.subList(2, resolved.size()));
    }

    /** What the plan is made of: recorded with an apply and compared with by the next plan. */
    Made describe(Sources sources) {
        Made made = new Made("installer image and boot ISO");
        made.add("Talos version", inputs.version().text());
        made.add("imager", pinned(sources.imager()));
        made.add("base installer", pinned(sources.base()));
        int at = 0;
        for (Resolved extension : sources.extensions()) {
            String kind = at++ < inputs.officialCount() ? Differences.EXTENSION : Differences.CUSTOM_EXTENSION;
            made.add(kind + extension.reference().name(), tagged(extension));
        }
        for (String argument : inputs.kernelArgs()) {
            made.add("kernel argument " + argument, "given");
        }
        made.add(
                "kernel command line, installer",
                Assembly.commandLine(inputs, true).line());
        made.add("kernel command line, ISO", Assembly.commandLine(inputs, false).line());
        made.add("squashfs", inputs.zstd() ? "zstd" : "xz");
        made.add("stage code", "revision " + Assembly.REVISION);
        made.add("installer", inputs.installer() + (workshop.push() ? "" : " (not pushed)"));
        made.add("ISO", inputs.iso().toString());
        return made;
    }

    /** Assembles and delivers. */
    SequencedMap<String, Json> apply(Sources sources) throws Exception {
        List<Callable<Image>> pulls = new ArrayList<>();
        pulls.add(() -> images.pull(sources.imager()));
        pulls.add(() -> images.pull(sources.base()));
        for (Resolved extension : sources.extensions()) {
            pulls.add(() -> images.pull(extension));
        }
        List<Image> pulled = Parallel.all(pulls);
        Image base = pulled.get(1);
        long created = created(sources.base(), base);
        List<Callable<FileTree>> unpacking = new ArrayList<>();
        unpacking.add(() -> imagerTree(sources.imager(), pulled.get(0)));
        for (int i = 0; i < sources.extensions().size(); i++) {
            int at = i;
            unpacking.add(() -> images.unpack(sources.extensions().get(at).reference(), pulled.get(at + 2), List.of()));
        }
        List<FileTree> trees = Parallel.all(unpacking);
        ImagerFiles imager = imagerFiles(sources.imager(), trees.getFirst());
        List<FileTree> extensionFiles = trees.subList(1, trees.size());
        Assembly assembly = new Assembly(workshop, unit, inputs, imager, created);
        assembly.extensions(sources.extensions(), extensionFiles);

        List<Callable<Object>> artifacts =
                List.of(() -> installer(assembly, sources.base(), base), () -> iso(assembly));
        List<Object> made = Parallel.all(artifacts);
        Image installer = (Image) made.get(0);
        Sha256 iso = (Sha256) made.get(1);
        publish(installer, sources.base());

        SequencedMap<String, Json> outputs = new TreeMap<>();
        outputs.put("installer_image", Json.of(inputs.installer().toString()));
        outputs.put("installer_digest", Json.of(installer.descriptor().digest().toString()));
        outputs.put("iso_path", Json.of(inputs.iso().toString()));
        outputs.put("iso_name", Json.of(String.valueOf(inputs.iso().getFileName())));
        outputs.put("iso_sha256", Json.of(iso.hex()));
        outputs.put("talos_version", Json.of(inputs.version().text()));
        if (inputs.kubernetesVersion() != null) {
            outputs.put("kubernetes_version", Json.of(inputs.kubernetesVersion()));
        }
        return outputs;
    }

    private Image installer(Assembly assembly, Resolved baseReference, Image base) throws IOException {
        String step = "installer " + inputs.installer().tag();
        workshop.events().started(unit, step);
        Image installer = InstallerImage.of(base, assembly.installerLayer(), assembly.created());
        keep(installer);
        workshop.events()
                .finished(
                        unit,
                        step,
                        PulledImages.shortened(installer.descriptor().digest()) + " on "
                                + PulledImages.nameOf(baseReference.reference()),
                        false);
        return installer;
    }

    private void keep(Image image) throws IOException {
        workshop.store().put(out -> out.write(image.config().toBytes()));
        workshop.store().put(out -> out.write(image.manifest().toBytes()));
    }

    private Sha256 iso(Assembly assembly) throws IOException {
        String step = "ISO";
        workshop.events().started(unit, step);
        ByteSource iso = assembly.iso(new GrubCompression(workshop, unit));
        Sha256 digest = CopiedFile.write(
                iso, inputs.iso(), (done, total) -> workshop.events().progress(unit, step, done, total));
        workshop.events()
                .finished(
                        unit,
                        step,
                        String.format(Locale.ROOT, "%s, %.1f MB", inputs.iso().getFileName(), iso.size() / 1e6),
                        false);
        return digest;
    }

    private void publish(Image installer, Resolved base) throws InterruptedException {
        if (!workshop.push()) {
            workshop.events().info(unit, "not pushed: " + inputs.installer());
            return;
        }
        String step = "push " + inputs.installer().tag();
        workshop.events().started(unit, step);
        Descriptor top = new Descriptor(
                MediaType.OCI_MANIFEST,
                installer.descriptor().digest(),
                installer.manifest().toBytes().length);
        // The stage's own tag: publishing a version again is the normal case, and is said out loud.
        Pushed pushed =
                workshop.registries().push(inputs.installer(), top, images.blobs(), mountable(base), TagPolicy.MOVE);
        workshop.events()
                .finished(
                        unit,
                        step,
                        PulledImages.shortened(installer.descriptor().digest()),
                        false);
        if (pushed.moved()) {
            workshop.events()
                    .warning(
                            unit,
                            "the tag %s moved from %s to %s"
                                    .formatted(
                                            inputs.installer(),
                                            pushed.before(),
                                            pushed.reference().digest()));
        }
    }

    private List<String> mountable(Resolved base) {
        return base.reference().registry().equals(inputs.installer().registry())
                ? List.of(base.reference().repository())
                : List.of();
    }

    private long created(Resolved reference, Image base) throws IOException {
        Long given = workshop.sourceDate();
        if (given != null) {
            return given;
        }
        java.time.Instant instant = base.config().createdAt();
        if (instant == null) {
            workshop.events()
                    .warning(unit, reference.reference() + " does not say when it was made; its files will be of 1980");
            return FALLBACK_TIME;
        }
        return Math.max(FALLBACK_TIME, instant.getEpochSecond());
    }

    /** 1980-01-01, the first day of FAT. */
    private static final long FALLBACK_TIME = 315_532_800L;

    private String installFolder() {
        return "usr/install/" + inputs.architecture().label();
    }

    private FileTree imagerTree(Resolved reference, Image image) throws IOException, InterruptedException {
        return images.unpack(reference.reference(), image, List.of(installFolder(), GRUB_FOLDER));
    }

    private ImagerFiles imagerFiles(Resolved reference, FileTree tree) throws IOException {
        String install = installFolder();
        List<String> missing = new ArrayList<>();
        ByteSource kernel = file(tree, install + "/vmlinuz", missing);
        ByteSource initramfs = file(tree, install + "/initramfs.xz", missing);
        ByteSource stub = file(tree, install + "/systemd-stub.efi", missing);
        ByteSource loader = file(tree, install + "/systemd-boot.efi", missing);
        if (tree.get(GRUB_FOLDER) == null) {
            missing.add(GRUB_FOLDER);
        }
        if (!missing.isEmpty()) {
            throw new BuildException(
                    new Problem(
                            Problem.Kind.BAD_ARTIFACT,
                            "cannot use the imager " + reference.reference(),
                            null,
                            "it has no /" + String.join(", no /", missing),
                            "give an imager of Talos %s, or leave imager_image out"
                                    .formatted(inputs.version().text())),
                    null);
        }
        return new ImagerFiles(kernel, initramfs, stub, loader, tree.subtree(GRUB_FOLDER));
    }

    /** What Talos' imager image holds for one architecture. */
    record ImagerFiles(
            ByteSource kernel, ByteSource initramfs, ByteSource stub, ByteSource bootLoader, FileTree grub) {}

    private static ByteSource file(FileTree tree, String path, List<String> missing) {
        if (tree.get(path) instanceof Entry.RegularFile file) {
            return file.content();
        }
        missing.add(path);
        return ByteSource.empty();
    }

    private static String pinned(Resolved resolved) {
        return resolved.reference().toString();
    }

    private static String tagged(Resolved resolved) {
        String tag = resolved.reference().tag();
        return (tag == null ? "" : tag + "@") + resolved.reference().digest();
    }

    static BuildException badArtifact(String what, FormatException e) {
        return new BuildException(
                new Problem(Problem.Kind.BAD_ARTIFACT, what, null, String.valueOf(e.getMessage()), null), e);
    }
}
