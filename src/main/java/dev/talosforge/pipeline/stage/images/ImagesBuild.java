package dev.talosforge.pipeline.stage.images;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.CopiedFile;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.net.Parallel;
import dev.talosforge.oci.Image;
import dev.talosforge.pipeline.context.BuildContext;
import dev.talosforge.pipeline.image.ImageStore;
import dev.talosforge.pipeline.image.ResolvedImage;
import dev.talosforge.pipeline.inputs.ImagesInputs;
import dev.talosforge.talos.Architecture;
import dev.talosforge.talos.image.InstallerImage;
import dev.talosforge.tree.FileTree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/** Installer and ISO of one architecture. */
final class ImagesBuild {
    /** 1980-01-01, the first day of FAT. */
    private static final long FALLBACK_TIME = 315_532_800L;

    private final BuildContext workshop;
    private final String unit;
    private final ImagesInputs inputs;
    private final Architecture architecture;
    private final ImageStore images;

    ImagesBuild(BuildContext workshop, String unit, ImagesInputs inputs, Architecture architecture) {
        this.workshop = workshop;
        this.unit = unit;
        this.inputs = inputs;
        this.architecture = architecture;
        this.images = new ImageStore(
                workshop, unit, architecture, inputs.architectures().size() > 1);
    }

    /** The base and the extensions, for this architecture. */
    record Sources(ResolvedImage base, List<ResolvedImage> extensions) {}

    /** All of these, here. */
    record Pulled(Sources sources, Image base, List<FileTree> extensions) {}

    /** What was made. */
    record Made(Image installer, Sha256 iso) {}

    ImageStore images() {
        return images;
    }

    Pulled pull(Sources sources) throws Exception {
        List<Callable<Image>> pulls = new ArrayList<>();
        pulls.add(() -> images.pull(sources.base()));
        for (ResolvedImage extension : sources.extensions()) {
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

    Made make(Pulled pulled, ResolvedImage imager, FileTree imagerTree) throws Exception {
        long created = created(pulled.sources().base(), pulled.base());
        ImageAssembly assembly = new ImageAssembly(
                workshop,
                unit,
                inputs,
                architecture,
                ImagerFiles.of(inputs, architecture, imager, imagerTree),
                created);
        assembly.extensions(pulled.sources().extensions(), pulled.extensions());
        List<Callable<Object>> artifacts =
                List.of(() -> installer(assembly, pulled.sources().base(), pulled.base()), () -> iso(assembly));
        List<Object> made = Parallel.all(artifacts);
        return new Made((Image) made.get(0), (Sha256) made.get(1));
    }

    private Image installer(ImageAssembly assembly, ResolvedImage baseFound, Image base) throws IOException {
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

    private Sha256 iso(ImageAssembly assembly) throws IOException {
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

    private long created(ResolvedImage reference, Image base) throws IOException {
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
}
