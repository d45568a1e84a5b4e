package dev.talosforge.pipeline;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.net.Parallel;
import dev.talosforge.oci.Image;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.talos.Architecture;
import dev.talosforge.talos.BootIso;
import dev.talosforge.talos.InstallerImage;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Installer and ISO of one architecture. */
final class ImagesBuild {
    private static final String GRUB_FOLDER = "usr/lib/grub/i386-pc";

    /** 1980-01-01, the first day of FAT. */
    private static final long FALLBACK_TIME = 315_532_800L;

    private final Workshop workshop;
    private final String unit;
    private final ImagesInputs inputs;
    private final Architecture architecture;
    private final PulledImages images;

    ImagesBuild(Workshop workshop, String unit, ImagesInputs inputs, Architecture architecture) {
        this.workshop = workshop;
        this.unit = unit;
        this.inputs = inputs;
        this.architecture = architecture;
        this.images = new PulledImages(
                workshop, unit, architecture, inputs.architectures().size() > 1);
    }

    /** The base and the extensions, for this architecture. */
    record Sources(FoundImage base, List<FoundImage> extensions) {}

    /** All of these, here. */
    record Pulled(Sources sources, Image base, List<FileTree> extensions) {}

    /** What Talos' imager image holds for one architecture; GRUB where there is an ISO for a BIOS. */
    record ImagerFiles(
            ByteSource kernel,
            ByteSource initramfs,
            ByteSource stub,
            ByteSource bootLoader,
            @Nullable FileTree grub) {}

    /** What was made. */
    record Made(Image installer, Sha256 iso) {}

    PulledImages images() {
        return images;
    }

    /** What is read of an imager for these architectures: it has the files of all. */
    static List<String> imagerFolders(ImagesInputs inputs) {
        List<String> folders = new ArrayList<>();
        boolean grub = false;
        for (Architecture architecture : inputs.architectures()) {
            folders.add(installFolder(architecture));
            grub |= BootIso.isHybrid(inputs.version(), architecture);
        }
        if (grub) {
            folders.add(GRUB_FOLDER);
        }
        return folders;
    }

    Pulled pull(Sources sources) throws Exception {
        List<Callable<Image>> pulls = new ArrayList<>();
        pulls.add(() -> images.pull(sources.base()));
        for (FoundImage extension : sources.extensions()) {
            pulls.add(() -> images.pull(extension));
        }
        List<Image> pulled = Parallel.all(pulls);
        List<Callable<FileTree>> unpacking = new ArrayList<>();
        for (int i = 0; i < sources.extensions().size(); i++) {
            int at = i;
            unpacking.add(() -> images.unpack(sources.extensions().get(at), pulled.get(at + 1), List.of()));
        }
        return new Pulled(sources, pulled.getFirst(), Parallel.all(unpacking));
    }

    Made make(Pulled pulled, FoundImage imager, FileTree imagerTree) throws Exception {
        long created = created(pulled.sources().base(), pulled.base());
        Assembly assembly =
                new Assembly(workshop, unit, inputs, architecture, imagerFiles(imager, imagerTree), created);
        assembly.extensions(pulled.sources().extensions(), pulled.extensions());
        List<Callable<Object>> artifacts =
                List.of(() -> installer(assembly, pulled.sources().base(), pulled.base()), () -> iso(assembly));
        List<Object> made = Parallel.all(artifacts);
        return new Made((Image) made.get(0), (Sha256) made.get(1));
    }

    private Image installer(Assembly assembly, FoundImage baseFound, Image base) throws IOException {
        String step = "installer " + inputs.installer().tag() + inputs.label(architecture);
        workshop.events().started(unit, step);
        Image installer = InstallerImage.of(base, assembly.installerLayer(), assembly.created());
        workshop.store().put(out -> out.write(installer.config().toBytes()));
        workshop.store().put(out -> out.write(installer.manifest().toBytes()));
        workshop.events()
                .finished(
                        unit,
                        step,
                        installer.descriptor().digest().shortText() + " on "
                                + baseFound.place().shortName(),
                        false);
        return installer;
    }

    private Sha256 iso(Assembly assembly) throws IOException {
        String step = "ISO" + inputs.label(architecture);
        workshop.events().started(unit, step);
        ByteSource iso = assembly.iso(new GrubCompression(workshop, unit));
        Sha256 digest = CopiedFile.write(
                iso,
                inputs.iso(architecture),
                (done, total) -> workshop.events().progress(unit, step, done, total));
        workshop.events()
                .finished(
                        unit,
                        step,
                        String.format(
                                Locale.ROOT,
                                "%s, %.1f MB",
                                inputs.iso(architecture).getFileName(),
                                iso.size() / 1e6),
                        false);
        return digest;
    }

    private long created(FoundImage reference, Image base) throws IOException {
        Long given = workshop.sourceDate();
        if (given != null) {
            return given;
        }
        java.time.Instant instant = base.config().createdAt();
        if (instant == null) {
            workshop.events()
                    .warning(unit, reference.place() + " does not say when it was made; its files will be of 1980");
            return FALLBACK_TIME;
        }
        return Math.max(FALLBACK_TIME, instant.getEpochSecond());
    }

    private static String installFolder(Architecture architecture) {
        return "usr/install/" + architecture.label();
    }

    private ImagerFiles imagerFiles(FoundImage found, FileTree tree) throws IOException {
        String install = installFolder(architecture);
        List<String> missing = new ArrayList<>();
        ByteSource kernel = file(tree, install + "/vmlinuz", missing);
        ByteSource initramfs = file(tree, install + "/initramfs.xz", missing);
        ByteSource stub = file(tree, install + "/systemd-stub.efi", missing);
        ByteSource loader = file(tree, install + "/systemd-boot.efi", missing);
        boolean hybrid = BootIso.isHybrid(inputs.version(), architecture);
        if (hybrid && tree.get(GRUB_FOLDER) == null) {
            missing.add(GRUB_FOLDER);
        }
        if (!missing.isEmpty()) {
            throw new BuildException(
                    new Problem(
                            Problem.Kind.BAD_ARTIFACT,
                            "cannot use the imager " + found.place(),
                            null,
                            "it has no /" + String.join(", no /", missing),
                            "give an imager of Talos %s, or leave imager_image out"
                                    .formatted(inputs.version().text())),
                    null);
        }
        return new ImagerFiles(kernel, initramfs, stub, loader, hybrid ? tree.subtree(GRUB_FOLDER) : null);
    }

    private static ByteSource file(FileTree tree, String path, List<String> missing) {
        if (tree.get(path) instanceof Entry.RegularFile file) {
            return file.content();
        }
        missing.add(path);
        return ByteSource.empty();
    }

    static BuildException badArtifact(String what, FormatException e) {
        return new BuildException(
                new Problem(Problem.Kind.BAD_ARTIFACT, what, null, String.valueOf(e.getMessage()), null), e);
    }
}
