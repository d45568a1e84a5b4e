package dev.talosforge.pipeline.stage.images;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.engine.Identity;
import dev.talosforge.pipeline.context.BuildContext;
import dev.talosforge.pipeline.context.Failures;
import dev.talosforge.pipeline.image.KeptOwners;
import dev.talosforge.pipeline.image.ResolvedImage;
import dev.talosforge.pipeline.inputs.ImageSet;
import dev.talosforge.pipeline.inputs.ImagesInputs;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.talos.Architecture;
import dev.talosforge.talos.Quirks;
import dev.talosforge.talos.extension.Extension;
import dev.talosforge.talos.extension.ExtensionImage;
import dev.talosforge.talos.extension.ExtensionVersion;
import dev.talosforge.talos.extension.ExtensionsYaml;
import dev.talosforge.talos.extension.ServiceNames;
import dev.talosforge.talos.image.Initramfs;
import dev.talosforge.talos.image.InitramfsFiles;
import dev.talosforge.talos.image.PackedRootfs;
import dev.talosforge.tree.FileTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The initramfs with the extensions in it, of one architecture.
 *
 * @param imager Talos' own initramfs
 * @param created time of everything, in seconds since the epoch
 */
record ExtendedInitramfs(
        BuildContext context,
        String unit,
        ImagesInputs inputs,
        Architecture architecture,
        ByteSource imager,
        long created) {
    /**
     * Checks all extensions, builds their squashfs images and appends them to the imager's initramfs.
     *
     * @param files of the extensions' images, in the order of the set
     */
    ByteSource of(ImageSet<ResolvedImage> images, List<FileTree> files) throws IOException, InterruptedException {
        List<ResolvedImage> sources = images.extensions();
        List<ExtensionImage> loaded = new ArrayList<>();
        // imager lists its folders 0, 1, 10, 11, 2, …: the order of the layers is that of these texts.
        List<Integer> order = IntStream.range(0, sources.size())
                .boxed()
                .sorted(Comparator.comparing(String::valueOf))
                .toList();
        for (int i : order) {
            loaded.add(new ExtensionImage(
                    sources.get(i).place().toString(),
                    files.get(i),
                    i < images.official().size(),
                    architecture));
        }
        List<Extension> extensions = ExtensionImage.load(loaded, inputs.version());
        List<Problem> twice = ServiceNames.twice(extensions);
        if (!twice.isEmpty()) {
            throw new BuildException(twice, null);
        }
        for (int i = 0; i < extensions.size(); i++) {
            String note = ExtensionVersion.note(
                    loaded.get(i).reference(), extensions.get(i).manifest().version(), inputs.version());
            if (note != null) {
                context.events().warning(unit, note);
            }
            extensions
                    .get(i)
                    .warnings()
                    .forEach(warning -> context.events().warning(unit, warning.line(), warning.remedy()));
        }
        Quirks quirks = Quirks.of(inputs.version());
        InitramfsFiles parts = parts(extensions, loaded, quirks);
        SequencedMap<String, ByteSource> layers = new TreeMap<>(FileTree.WALK_ORDER);
        List<ExtensionsYaml.Layer> listed = new ArrayList<>();
        for (int i = 0; i < extensions.size(); i++) {
            String image = order.get(i) + ".sqsh";
            String name = extensions.get(i).manifest().name();
            ResolvedImage source = sources.get(order.get(i));
            FileTree rootfs = PackedRootfs.of(parts.rootfs().get(i), KeptOwners.of(source), quirks.labels(), created);
            Sha256 identity = identity(source, quirks);
            ExtensionLabels labels = new ExtensionLabels(loaded.get(i), quirks.labels());
            String warning = labels.lost(rootfs);
            if (warning != null) {
                context.events().warning(unit, warning);
            }
            SquashfsStep.Made made = Failures.named(
                    "cannot use extension " + loaded.get(i).reference(),
                    () -> context.steps()
                            .run(
                                    unit,
                                    "squashfs " + name + inputs.label(architecture),
                                    identity,
                                    new SquashfsStep(
                                            rootfs, labels.root(), inputs.zstd(), created, context.workers())));
            layers.put(image, made.image());
            listed.add(new ExtensionsYaml.Layer(image, extensions.get(i).manifest()));
        }
        SequencedMap<String, ByteSource> microcode = new TreeMap<>(FileTree.WALK_ORDER);
        putIfAny(microcode, "kernel/x86/microcode/AuthenticAMD.bin", parts.amdMicrocode());
        putIfAny(microcode, "kernel/x86/microcode/GenuineIntel.bin", parts.intelMicrocode());
        Initramfs.Parts added = new Initramfs.Parts(
                layers, microcode, parts.firmware(), new String(ExtensionsYaml.of(listed), StandardCharsets.UTF_8));
        return Failures.named(
                "cannot build an initramfs from " + inputs.images().imager(),
                () -> Initramfs.assemble(imager, added, created));
    }

    /** Each extension is first read alone, so that its problems name it. */
    private InitramfsFiles parts(List<Extension> extensions, List<ExtensionImage> images, Quirks quirks)
            throws IOException, InterruptedException {
        for (int i = 0; i < extensions.size(); i++) {
            List<Extension> alone = List.of(extensions.get(i));
            Failures.named(
                    "cannot use extension " + images.get(i).reference(),
                    () -> InitramfsFiles.of(alone, quirks, created));
        }
        return Failures.named(
                "cannot combine the firmware of "
                        + String.join(
                                ", ",
                                images.stream().map(ExtensionImage::reference).toList()),
                () -> InitramfsFiles.of(extensions, quirks, created));
    }

    private Sha256 identity(ResolvedImage source, Quirks quirks) {
        Identity identity = Identity.of("squashfs", SquashfsStep.REVISION)
                .with("codecs", SquashfsStep.CODECS)
                .with("compression", inputs.zstd() ? "zstd" : "xz")
                .with("time", created)
                .with("owners", KeptOwners.of(source) ? "kept" : "root")
                .with("labels", quirks.labels() ? "kept" : "none")
                .with("firmware", quirks.firmwareDirectory());
        source.manifest().layers().forEach(layer -> identity.with("layer", layer.digest()));
        return identity.digest();
    }

    private static void putIfAny(SequencedMap<String, ByteSource> into, String path, ByteSource content) {
        if (content.size() > 0) {
            into.put(path, content);
        }
    }
}
