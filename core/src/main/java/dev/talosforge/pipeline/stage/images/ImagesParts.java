package dev.talosforge.pipeline.stage.images;

import dev.talosforge.oci.ImagePlace;
import dev.talosforge.pipeline.context.BuildContext;
import dev.talosforge.pipeline.image.ResolvedImage;
import dev.talosforge.pipeline.inputs.ImageSet;
import dev.talosforge.pipeline.inputs.ImagesInputs;
import dev.talosforge.provenance.ApplyRecord;
import dev.talosforge.provenance.Part;
import dev.talosforge.provenance.StageKind;
import dev.talosforge.talos.Architecture;
import dev.talosforge.talos.OutputKind;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** What installer and ISO are made of: shown by a plan and compared with by the next one. */
final class ImagesParts {
    private final BuildContext context;
    private final ImagesInputs inputs;
    private final SequencedMap<Architecture, ImageSet<ResolvedImage>> images;
    private final List<Part> parts = new ArrayList<>();

    /** @param images at least those of the first architecture */
    ImagesParts(BuildContext context, ImagesInputs inputs, SequencedMap<Architecture, ImageSet<ResolvedImage>> images) {
        this.context = context;
        this.inputs = inputs;
        this.images = images;
    }

    ApplyRecord describe() {
        parts.add(new Part.TalosRelease(inputs.version()));
        if (!inputs.architectures().equals(List.of(Architecture.AMD64))) {
            parts.add(new Part.Architectures(inputs.architectures()));
        }
        images();
        inputs.kernelArgs().forEach(argument -> parts.add(new Part.KernelArgument(argument)));
        for (Architecture architecture : inputs.architectures()) {
            commandLine(architecture, OutputKind.INSTALLER);
            commandLine(architecture, OutputKind.ISO);
        }
        parts.add(new Part.Setting(Part.Setting.Name.SQUASHFS, inputs.zstd() ? "zstd" : "xz"));
        parts.add(new Part.StageRevision(ImagesStage.REVISION));
        boolean kept = inputs.installer() instanceof ImagePlace.InRegistry && !context.push();
        parts.add(new Part.Target(Part.Target.Kind.INSTALLER, inputs.installer(), !kept));
        for (Architecture architecture : inputs.architectures()) {
            parts.add(new Part.IsoFile(
                    labelled(architecture), inputs.iso(architecture).toString()));
        }
        parts.add(new Part.Output("kubernetes_version", inputs.kubernetesVersion()));
        parts.add(new Part.SourceDate(context.sourceDate()));
        return new ApplyRecord(StageKind.IMAGES, parts);
    }

    private void images() {
        ImageSet<ResolvedImage> first = images.firstEntry().getValue();
        base(Part.BaseImage.Role.IMAGER, null, first.imager());
        base(Part.BaseImage.Role.INSTALLER, null, first.base());
        first.official().forEach(extension -> parts.add(new Part.Extension(false, extension.pinned())));
        first.custom().forEach(extension -> parts.add(new Part.Extension(true, extension.pinned())));
        List<ResolvedImage> order = first.extensions().size() < 2 ? List.of() : first.extensions();
        parts.add(new Part.ExtensionOrder(
                order.stream().map(extension -> extension.place().name()).toList()));
        images.sequencedEntrySet().stream().skip(1).forEach(others -> apart(first, others.getKey(), others.getValue()));
    }

    private void base(Part.BaseImage.Role role, @Nullable Architecture only, ResolvedImage image) {
        parts.add(new Part.BaseImage(role, only, image.pinned()));
    }

    /** Images for which another architecture has its own place, unlike those in an index. */
    private void apart(ImageSet<ResolvedImage> first, Architecture architecture, ImageSet<ResolvedImage> others) {
        if (!others.base().place().equals(first.base().place())) {
            base(Part.BaseImage.Role.INSTALLER, architecture, others.base());
        }
        for (int i = 0; i < others.extensions().size(); i++) {
            ResolvedImage extension = others.extensions().get(i);
            if (!extension.place().equals(first.extensions().get(i).place())) {
                parts.add(new Part.ExtensionVariant(architecture, extension.pinned()));
            }
        }
    }

    private void commandLine(Architecture architecture, OutputKind of) {
        parts.add(new Part.CommandLine(
                of, labelled(architecture), inputs.commandLine(architecture, of).line()));
    }

    /** Null if there is only one. */
    private @Nullable Architecture labelled(Architecture architecture) {
        return inputs.architectures().size() == 1 ? null : architecture;
    }
}
