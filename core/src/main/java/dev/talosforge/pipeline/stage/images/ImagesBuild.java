package dev.talosforge.pipeline.stage.images;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.CopiedFile;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.net.Parallel;
import dev.talosforge.oci.Image;
import dev.talosforge.pipeline.context.BuildContext;
import dev.talosforge.pipeline.image.ImageStore;
import dev.talosforge.pipeline.image.ResolvedImage;
import dev.talosforge.pipeline.inputs.ImageSet;
import dev.talosforge.pipeline.inputs.ImagesInputs;
import dev.talosforge.talos.Architecture;
import dev.talosforge.talos.image.InstallerImage;
import dev.talosforge.tree.FileTree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/** Installer and ISO of one architecture. */
final class ImagesBuild {
    /** 1980-01-01, the first day of FAT. */
    private static final long FALLBACK_TIME = 315_532_800L;

    private final BuildContext context;
    private final String unit;
    private final ImagesInputs inputs;
    private final Architecture architecture;
    private final ImageStore images;

    ImagesBuild(BuildContext context, String unit, ImagesInputs inputs, Architecture architecture) {
        this.context = context;
        this.unit = unit;
        this.inputs = inputs;
        this.architecture = architecture;
        this.images = new ImageStore(
                context, unit, architecture, inputs.architectures().size() > 1);
    }

    /**
     * The images of this architecture, here.
     *
     * @param images where they are from
     * @param extensions their files, in the order of the set
     */
    record Pulled(ImageSet<ResolvedImage> images, Image base, List<FileTree> extensions) {}

    /** The artifacts. */
    record Made(Image installer, Sha256 iso) {}

    ImageStore images() {
        return images;
    }

    /** Pulls base and extensions into the store; returns the extensions' files. */
    Pulled pull(ImageSet<ResolvedImage> set) throws Exception {
        List<Callable<Image>> pulls = new ArrayList<>();
        for (ResolvedImage extension : set.extensions()) {
            pulls.add(() -> images.pull(extension));
        }
        Parallel.Both<Image, List<Image>> pulled =
                Parallel.both(() -> images.pull(set.base()), () -> Parallel.all(pulls));
        List<Callable<FileTree>> unpacking = new ArrayList<>();
        Iterator<Image> here = pulled.second().iterator();
        for (ResolvedImage extension : set.extensions()) {
            Image image = here.next();
            unpacking.add(() -> images.unpack(extension, image, List.of()));
        }
        return new Pulled(set, pulled.first(), Parallel.all(unpacking));
    }

    /** One initramfs with the extensions in it, and both artifacts of it. */
    Made make(Pulled pulled, FileTree imager) throws Exception {
        ResolvedImage base = pulled.images().base();
        long created = created(base, pulled.base());
        ImagerFiles files = ImagerFiles.of(inputs, architecture, pulled.images().imager(), imager);
        ByteSource initramfs = new ExtendedInitramfs(context, unit, inputs, architecture, files.initramfs(), created)
                .of(pulled.images(), pulled.extensions());
        BootArtifacts boot = new BootArtifacts(context.store(), inputs, architecture, files, initramfs, created);
        Parallel.Both<Image, Sha256> made = Parallel.both(() -> installer(boot, base, pulled.base()), () -> iso(boot));
        return new Made(made.first(), made.second());
    }

    private Image installer(BootArtifacts boot, ResolvedImage baseFound, Image base) throws IOException {
        String step = "installer " + inputs.installer().tag() + inputs.label(architecture);
        context.events().started(unit, step);
        Image installer = InstallerImage.of(base, boot.installerLayer(), boot.created());
        context.store().put(out -> out.write(installer.config().toBytes()));
        context.store().put(out -> out.write(installer.manifest().toBytes()));
        context.events()
                .finished(
                        unit,
                        step,
                        installer.descriptor().digest().shortText() + " on "
                                + baseFound.place().shortName(),
                        false);
        return installer;
    }

    private Sha256 iso(BootArtifacts boot) throws IOException {
        String step = "ISO" + inputs.label(architecture);
        context.events().started(unit, step);
        ByteSource iso = boot.iso(new GrubCompression(context, unit));
        Sha256 digest = CopiedFile.write(
                iso, inputs.iso(architecture), (done, total) -> context.events().progress(unit, step, done, total));
        context.events()
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

    private long created(ResolvedImage reference, Image base) throws IOException {
        Long given = context.sourceDate();
        if (given != null) {
            return given;
        }
        java.time.Instant instant = base.config().createdAt();
        if (instant == null) {
            context.events()
                    .warning(
                            unit,
                            reference.place() + " does not record when it was created; its files get dates of 1980");
            return FALLBACK_TIME;
        }
        return Math.max(FALLBACK_TIME, instant.getEpochSecond());
    }
}
