package dev.talosforge.pipeline.stage.images;

import dev.talosforge.bytes.BlockCompressor;
import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.engine.Identity;
import dev.talosforge.format.compress.Gzip;
import dev.talosforge.format.pe.PeImage;
import dev.talosforge.format.pe.UkiAssembler;
import dev.talosforge.oci.Layer;
import dev.talosforge.oci.LayerWriter;
import dev.talosforge.pipeline.context.BuildContext;
import dev.talosforge.pipeline.context.Failures;
import dev.talosforge.pipeline.image.KeptOwners;
import dev.talosforge.pipeline.image.ResolvedImage;
import dev.talosforge.pipeline.inputs.ImagesInputs;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.talos.Architecture;
import dev.talosforge.talos.OutputKind;
import dev.talosforge.talos.Quirks;
import dev.talosforge.talos.extension.Extension;
import dev.talosforge.talos.extension.ExtensionImage;
import dev.talosforge.talos.extension.ExtensionVersion;
import dev.talosforge.talos.extension.ExtensionsYaml;
import dev.talosforge.talos.extension.ServiceNames;
import dev.talosforge.talos.image.BootFiles;
import dev.talosforge.talos.image.BootIso;
import dev.talosforge.talos.image.EfiProgram;
import dev.talosforge.talos.image.GrubConfig;
import dev.talosforge.talos.image.Initramfs;
import dev.talosforge.talos.image.InitramfsFiles;
import dev.talosforge.talos.image.InstallerImage;
import dev.talosforge.talos.image.PackedRootfs;
import dev.talosforge.talos.image.UkiSections;
import dev.talosforge.talos.kernel.KernelFile;
import dev.talosforge.tree.FileTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Puts kernel, initramfs and extensions together: once for both artifacts. {@link #extensions} comes first; after it
 * {@link #installerLayer} and {@link #iso} may run at the same time.
 */
final class ImageAssembly {
    /** Of everything between inputs and artifacts: raised with every change of a byte. */
    static final int REVISION = 5;

    /** As imager aligns sections; only the ISO's UKI needs more. */
    private static final int USUAL_ALIGNMENT = 512;

    private final BuildContext workshop;
    private final String unit;
    private final ImagesInputs inputs;
    private final Architecture architecture;
    private final ImagerFiles imager;
    private final long created;
    private ByteSource initramfs;

    ImageAssembly(
            BuildContext workshop,
            String unit,
            ImagesInputs inputs,
            Architecture architecture,
            ImagerFiles imager,
            long created) {
        this.workshop = workshop;
        this.unit = unit;
        this.inputs = inputs;
        this.architecture = architecture;
        this.imager = imager;
        this.created = created;
        this.initramfs = imager.initramfs();
    }

    long created() {
        return created;
    }

    /** Checks all extensions, makes their squashfs images and the initramfs. */
    void extensions(List<ResolvedImage> sources, List<FileTree> files) throws IOException, InterruptedException {
        List<ExtensionImage> loaded = new ArrayList<>();
        // imager lists its folders 0, 1, 10, 11, 2, …: the order of the layers is that of these texts.
        List<Integer> order = IntStream.range(0, sources.size())
                .boxed()
                .sorted(Comparator.comparing(String::valueOf))
                .toList();
        for (int i : order) {
            loaded.add(new ExtensionImage(
                    sources.get(i).place().toString(), files.get(i), i < inputs.officialCount(), architecture));
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
                workshop.events().warning(unit, note);
            }
            extensions.get(i).warnings().forEach(warning -> workshop.events().warning(unit, warning.line()));
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
            String told = labels.lost(rootfs);
            if (told != null) {
                workshop.events().warning(unit, told);
            }
            SquashfsStep.Made made = Failures.named(
                    "cannot use extension " + loaded.get(i).reference(),
                    () -> workshop.steps()
                            .run(
                                    unit,
                                    "squashfs " + name + inputs.label(architecture),
                                    identity,
                                    new SquashfsStep(
                                            rootfs, labels.root(), inputs.zstd(), created, workshop.workers())));
            layers.put(image, made.image());
            listed.add(new ExtensionsYaml.Layer(image, extensions.get(i).manifest()));
        }
        SequencedMap<String, ByteSource> microcode = new TreeMap<>(FileTree.WALK_ORDER);
        putIfAny(microcode, "kernel/x86/microcode/AuthenticAMD.bin", parts.amdMicrocode());
        putIfAny(microcode, "kernel/x86/microcode/GenuineIntel.bin", parts.intelMicrocode());
        Initramfs.Parts added = new Initramfs.Parts(
                layers, microcode, parts.firmware(), new String(ExtensionsYaml.of(listed), StandardCharsets.UTF_8));
        initramfs = Failures.named(
                "cannot make an initramfs of " + inputs.imager(),
                () -> Initramfs.assemble(imager.initramfs(), added, created));
    }

    /** Each extension is taken apart alone first, so that what is wrong with it is told in its name. */
    private InitramfsFiles parts(List<Extension> extensions, List<ExtensionImage> images, Quirks quirks)
            throws IOException, InterruptedException {
        for (int i = 0; i < extensions.size(); i++) {
            List<Extension> alone = List.of(extensions.get(i));
            Failures.named(
                    "cannot use extension " + images.get(i).reference(),
                    () -> InitramfsFiles.of(alone, quirks, created));
        }
        return Failures.named(
                "cannot put the firmware together of "
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

    private PeImage uki(boolean installer, int fileAlignment) throws IOException {
        try {
            KernelFile kernel = KernelFile.read(imager.kernel(), architecture);
            UkiSections sections = new UkiSections(
                    inputs.version(),
                    inputs.commandLine(architecture, installer ? OutputKind.INSTALLER : OutputKind.ISO)
                            .line(),
                    kernel.version(),
                    null,
                    imager.kernel(),
                    initramfs);
            return UkiAssembler.assemble(
                    EfiProgram.read("systemd-stub.efi", imager.stub(), architecture),
                    sections.of(installer ? OutputKind.INSTALLER : OutputKind.ISO),
                    fileAlignment,
                    created);
        } catch (FormatException e) {
            throw ImagerFiles.unusable("cannot make a boot image of " + inputs.imager(), e);
        }
    }

    /** Writes the installer's artifacts layer into the store. */
    Layer installerLayer() throws IOException {
        FileTree files = InstallerImage.artifacts(
                architecture, imager.bootLoader(), uki(true, USUAL_ALIGNMENT).bytes(), created);
        Path file = workshop.store().temporaryFile();
        try {
            // Kernel and initramfs are compressed already: stored blocks cost a percent or two and no time.
            Layer layer = LayerWriter.gzip(Gzip::stored).write(files, file);
            workshop.store().adopt(file, layer.descriptor().digest());
            return layer;
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** The ISO, as a view. */
    ByteSource iso(BlockCompressor lzma) throws IOException {
        try {
            String commandLine =
                    inputs.commandLine(architecture, OutputKind.ISO).line();
            return BootIso.of(
                    new BootIso.Contents(
                            inputs.version(),
                            architecture,
                            uki(false, BootIso.ALIGNMENT),
                            imager.bootLoader(),
                            imager.grub(),
                            GrubConfig.of(commandLine, inputs.version()),
                            BootFiles.loaderConf(),
                            created),
                    lzma);
        } catch (FormatException e) {
            throw ImagerFiles.unusable("cannot make an ISO of " + inputs.imager(), e);
        }
    }
}
