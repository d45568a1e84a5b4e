package dev.talosforge.inspect;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.talosforge.bytes.ByteSink;
import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.format.compress.Gzip;
import dev.talosforge.format.compress.Xz;
import dev.talosforge.format.compress.Zstd;
import dev.talosforge.format.cpio.CpioArchive;
import dev.talosforge.format.pe.PeImage;
import dev.talosforge.format.pe.UkiAssembler;
import dev.talosforge.format.squashfs.SquashfsOptions;
import dev.talosforge.format.squashfs.SquashfsWriter;
import dev.talosforge.oci.Descriptor;
import dev.talosforge.oci.Image;
import dev.talosforge.oci.ImageConfig;
import dev.talosforge.oci.Layer;
import dev.talosforge.oci.LayerWriter;
import dev.talosforge.oci.Manifest;
import dev.talosforge.oci.MediaType;
import dev.talosforge.oci.OciLayout;
import dev.talosforge.oci.Platform;
import dev.talosforge.talos.Architecture;
import dev.talosforge.talos.OutputKind;
import dev.talosforge.talos.TalosVersion;
import dev.talosforge.talos.extension.ExtensionManifest;
import dev.talosforge.talos.extension.ExtensionsYaml;
import dev.talosforge.talos.image.BootFiles;
import dev.talosforge.talos.image.BootIso;
import dev.talosforge.talos.image.EfiProgram;
import dev.talosforge.talos.image.GrubConfig;
import dev.talosforge.talos.image.Initramfs;
import dev.talosforge.talos.image.InstallerImage;
import dev.talosforge.talos.image.UkiSections;
import dev.talosforge.testkit.FakeTalos;
import dev.talosforge.testkit.RequiredTool;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import dev.talosforge.tree.TreeBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.TreeMap;

/** Small artifacts made by the product's own recipes, in a folder. Nothing of them starts. */
public record InspectSamples(Path folder) {
    public static final long TIME = 1_735_689_600L;
    public static final TalosVersion VERSION = Objects.requireNonNull(TalosVersion.parse("v1.11.5"));
    public static final ExtensionManifest HELLO =
            new ExtensionManifest("hello", "v1", "tests", "says nothing", ">= v1.0.0", "");
    public static final ExtensionManifest OTHER =
            new ExtensionManifest("other", "v7", "somebody", "does nothing", "", "");
    public static final String METAL = "talos.platform=metal console=ttyS0";
    public static final String NOCLOUD = "talos.platform=nocloud console=ttyS0 a=${b}";

    /** A kernel as far as it says what it is. */
    public static ByteSource kernel() {
        return ByteSource.of(FakeTalos.kernel(FakeTalos.Cpu.AMD64));
    }

    public static ByteSource program() {
        return ByteSource.of(FakeTalos.program(FakeTalos.Cpu.AMD64));
    }

    public Path write(String name, ByteSource content) throws IOException {
        Path file = folder.resolve(name);
        try (OutputStream out = Files.newOutputStream(file)) {
            ByteSink.over(out).copy(content).flush();
        }
        return file;
    }

    public ByteSource squashfs(String name, FileTree tree) throws IOException {
        Path file = folder.resolve(name);
        Files.deleteIfExists(file);
        new SquashfsWriter(SquashfsOptions.zstd(Zstd.blocks(), Zstd.LEVEL, TIME), Runnable::run).write(tree, file);
        return ByteSource.of(file);
    }

    /** Talos' own initramfs, compressed. */
    public ByteSource base() throws IOException {
        FileTree root = new TreeBuilder(TIME)
                .file("usr/lib/os-release", 0644, BootFiles.osRelease(VERSION))
                .build();
        FileTree tree = new TreeBuilder(TIME)
                .file("init", 0755, "#!/bin/true\n")
                .file("rootfs.sqsh", 0644, squashfs("rootfs.sqsh", root))
                .build();
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (OutputStream out = Zstd.encode(compressed)) {
            out.write(CpioArchive.source(tree.entries(), 512).readAll("base", 1 << 20));
        }
        return ByteSource.of(compressed.toByteArray());
    }

    public static FileTree rootfs(String program, String content) throws IOException {
        return new TreeBuilder(TIME)
                .file("usr/local/bin/" + program, 0755, content)
                .symlink("usr/local/bin/alias", program)
                .build();
    }

    public ByteSource hello() throws IOException {
        return squashfs("hello.sqsh", rootfs("hello", "hello\n"));
    }

    public ByteSource other() throws IOException {
        return squashfs("other.sqsh", rootfs("other", "other\n"));
    }

    /** With extensions named 0.sqsh, 1.sqsh and so on. */
    public ByteSource initramfs(List<ExtensionManifest> manifests, List<ByteSource> images) throws IOException {
        SequencedMap<String, ByteSource> layers = new TreeMap<>();
        List<ExtensionsYaml.Layer> listed = new ArrayList<>();
        for (int i = 0; i < images.size(); i++) {
            layers.put(i + ".sqsh", images.get(i));
            listed.add(new ExtensionsYaml.Layer(i + ".sqsh", manifests.get(i)));
        }
        return Initramfs.assemble(
                base(),
                new Initramfs.Parts(
                        layers, new TreeMap<>(), FileTree.empty(), new String(ExtensionsYaml.of(listed), UTF_8)),
                TIME);
    }

    public static PeImage uki(String commandLine, ByteSource initramfs, OutputKind kind, int alignment)
            throws IOException {
        UkiSections sections = new UkiSections(VERSION, commandLine, "6.12.57-tests", null, kernel(), initramfs);
        return UkiAssembler.assemble(
                EfiProgram.read("systemd-stub.efi", program(), Architecture.AMD64), sections.of(kind), alignment, TIME);
    }

    public static FileTree grub() throws IOException {
        RequiredTool.named("grub-mkimage", "grub-common");
        TreeBuilder grub = new TreeBuilder(TIME);
        FakeTalos.grub().forEach((name, content) -> grub.file(name, 0644, ByteSource.of(content)));
        return grub.build();
    }

    public Path iso(String name, String commandLine, ByteSource initramfs) throws IOException {
        BootIso.Contents contents = new BootIso.Contents(
                VERSION,
                Architecture.AMD64,
                uki(commandLine, initramfs, OutputKind.ISO, BootIso.ALIGNMENT),
                program(),
                grub(),
                GrubConfig.of(commandLine, VERSION),
                BootFiles.loaderConf(),
                TIME);
        return write(
                name,
                BootIso.of(
                        contents,
                        (block, offset, length) -> Xz.rawLzma1(Arrays.copyOfRange(block, offset, offset + length))));
    }

    /** A layout with the installer under a tag; below it lies a base layer. */
    public Image installer(String layoutName, String tag, String commandLine, ByteSource initramfs) throws IOException {
        OciLayout layout = OciLayout.create(folder.resolve(layoutName));
        FileTree files = InstallerImage.artifacts(
                Architecture.AMD64,
                program(),
                uki(commandLine, initramfs, OutputKind.INSTALLER, 512).bytes(),
                TIME);
        Layer artifacts = layer(layout, files);
        Image base = image(
                layout,
                new TreeBuilder(TIME)
                        .file("usr/bin/installer", 0755, "installs\n")
                        .build());
        Image installer = InstallerImage.of(base, artifacts, TIME);
        return tagged(layout, installer, tag);
    }

    public Image extension(String layoutName, String tag, ExtensionManifest manifest, FileTree rootfs)
            throws IOException {
        OciLayout layout = OciLayout.create(folder.resolve(layoutName));
        TreeBuilder tree = new TreeBuilder(TIME).file("manifest.yaml", 0644, ByteSource.of(manifest.toBytes()));
        for (Entry entry : rootfs.entries()) {
            tree.add(entry.withPath("rootfs/" + entry.path()));
        }
        return tagged(layout, image(layout, tree.build()), tag);
    }

    /** One whose manifest is in the tree already. */
    public Image extension(String layoutName, String tag, TreeBuilder files) throws IOException {
        OciLayout layout = OciLayout.create(folder.resolve(layoutName));
        return tagged(layout, image(layout, files.directory("rootfs", 0755).build()), tag);
    }

    private Layer layer(OciLayout layout, FileTree files) throws IOException {
        Path file = folder.resolve("layer");
        Files.deleteIfExists(file);
        Layer layer = LayerWriter.gzip(Gzip::stored).write(files, file);
        layout.put(layer.descriptor(), ByteSource.of(file));
        return layer;
    }

    private Image image(OciLayout layout, FileTree files) throws IOException {
        Layer layer = layer(layout, files);
        ImageConfig config = ImageConfig.of(
                Platform.linux("amd64"), Instant.ofEpochSecond(TIME).toString(), List.of(layer.diffId()));
        return Image.of(
                Manifest.of(Descriptor.of(MediaType.OCI_CONFIG, config.toBytes()), List.of(layer.descriptor())),
                config);
    }

    private static Image tagged(OciLayout layout, Image image, String tag) throws IOException {
        layout.put(MediaType.OCI_CONFIG, image.config().toBytes());
        Descriptor manifest =
                layout.put(MediaType.OCI_MANIFEST, image.manifest().toBytes());
        layout.add(manifest.withAnnotation(Descriptor.REF_NAME, tag));
        return image;
    }

    public static String digest(ByteSource source) throws IOException {
        return Sha256.of(source).toString();
    }
}
