package dev.talosforge.pipeline;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.config.Workspace;
import dev.talosforge.config.unit.EvaluationSettings;
import dev.talosforge.config.unit.Unit;
import dev.talosforge.engine.Event;
import dev.talosforge.json.Json;
import dev.talosforge.oci.Descriptor;
import dev.talosforge.oci.Image;
import dev.talosforge.oci.ImagePlace;
import dev.talosforge.oci.OciLayout;
import dev.talosforge.oci.Platform;
import dev.talosforge.pipeline.context.BuildContext;
import dev.talosforge.pipeline.context.ContextSample;
import dev.talosforge.pipeline.image.SingleLayerImage;
import dev.talosforge.pipeline.publish.Allowance;
import dev.talosforge.pipeline.publish.Publisher;
import dev.talosforge.pipeline.stage.Stage;
import dev.talosforge.talos.Architecture;
import dev.talosforge.testkit.FakeTalos;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.TreeBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * A layout, {@code oci:FOLDER/world}, with images that have the shape of Talos' own for two architectures and boot
 * nothing: {@code imager}, {@code base}, {@code hello}, and {@code amd64-only}.
 */
public record DiskWorld(Path folder) {
    public static DiskWorld in(Path folder) throws Exception {
        DiskWorld world = new DiskWorld(folder.toRealPath());
        BuildContext context = ContextSample.in(folder.resolve("filling"), new java.util.ArrayList<>());
        TreeBuilder imager = new TreeBuilder(ContextSample.TIME);
        for (Architecture architecture : Architecture.values()) {
            String install = "usr/install/" + architecture.label() + "/";
            String real = "boot/vmlinuz-" + architecture.label();
            FakeTalos.Cpu cpu = FakeTalos.Cpu.of(architecture.label());
            imager.file(real, 0644, ByteSource.of(FakeTalos.kernel(cpu)))
                    .add(new Entry.HardLink(install + "vmlinuz", Entry.Attributes.root(0644, ContextSample.TIME), real))
                    .file(install + "initramfs.xz", 0644, random(1 << 18, architecture.peMachine()))
                    .file(install + "systemd-stub.efi", 0644, ByteSource.of(FakeTalos.program(cpu)))
                    .file(install + "systemd-boot.efi", 0644, ByteSource.of(FakeTalos.program(cpu)));
        }
        FakeTalos.grub()
                .forEach((name, content) -> imager.file("usr/lib/grub/i386-pc/" + name, 0644, ByteSource.of(content)));
        SequencedMap<Architecture, Image> imagers = new LinkedHashMap<>();
        SequencedMap<Architecture, Image> bases = new LinkedHashMap<>();
        SequencedMap<Architecture, Image> extensions = new LinkedHashMap<>();
        for (Architecture architecture : Architecture.values()) {
            imagers.put(architecture, image(context, architecture, imager));
            bases.put(architecture, image(context, architecture, base(architecture)));
            extensions.put(architecture, image(context, architecture, hello(architecture)));
        }
        world.write(context, "imager", imagers);
        world.write(context, "base", bases);
        world.write(context, "hello", extensions);
        world.write(
                context,
                "amd64-only",
                new LinkedHashMap<>(
                        Map.of(Architecture.AMD64, extensions.firstEntry().getValue())));
        return world;
    }

    private static TreeBuilder base(Architecture architecture) {
        return new TreeBuilder(ContextSample.TIME)
                .file("usr/bin/installer", 0755, random(1 << 16, 1 + architecture.peMachine()));
    }

    private static TreeBuilder hello(Architecture architecture) {
        return new TreeBuilder(ContextSample.TIME)
                .file("manifest.yaml", 0644, FakeTalos.manifest("hello"))
                .file("rootfs/usr/local/bin/hello", 0755, architecture.label())
                .add(new Entry.RegularFile( // as a user packed it, with the clock of another century
                        "rootfs/usr/local/share/hello",
                        new Entry.Attributes(0644, 1000, 1L << 33, -6_800_000_000L),
                        ByteSource.of("odd".getBytes(US_ASCII))));
    }

    private static Image image(BuildContext context, Architecture architecture, TreeBuilder tree) throws IOException {
        return SingleLayerImage.make(
                context, tree.build(), Platform.linux(architecture.label()), null, new TreeMap<>(), ContextSample.TIME);
    }

    private void write(BuildContext context, String name, SequencedMap<Architecture, Image> images) throws Exception {
        Publisher publisher = new Publisher(context, "world");
        publisher.deliver(
                ImagePlace.parse("oci:world:" + name, folder),
                publisher.bundle(images, new TreeMap<>()),
                List.of(),
                Allowance.always());
    }

    private static ByteSource random(int size, long seed) {
        return ByteSource.of(FakeTalos.noise(size, seed));
    }

    /** Gives an image of this world a layout of its own, {@code oci:FOLDER/NAME:v1}, in the place of what is there. */
    void copy(String image, String name) throws IOException {
        OciLayout from = OciLayout.create(folder.resolve("world"));
        OciLayout to = OciLayout.create(folder.resolve(name));
        Descriptor top = java.util.Objects.requireNonNull(from.named(image));
        to.copy(top, from);
        to.add(top.withAnnotation(Descriptor.REF_NAME, "v1"));
    }

    /** Applies a unit of these inputs, in a folder of its name. */
    public SequencedMap<String, Json> apply(BuildContext context, String name, String module, String inputs)
            throws Exception {
        return apply(context, name, module, inputs, new TreeMap<>());
    }

    public SequencedMap<String, Json> apply(
            BuildContext context, String name, String module, String inputs, SequencedMap<String, Json> before)
            throws Exception {
        return stage(name, module, inputs).apply(context, name, before).outputs();
    }

    Stage stage(String name, String module, String inputs) throws Exception {
        Path unit = Files.createDirectories(folder.resolve(name));
        Files.writeString(unit.resolve("terragrunt.hcl"), """
                terraform { source = "modules//%s" }
                inputs = {
                %s}
                """.formatted(module, inputs));
        Unit evaluated =
                Workspace.open(unit, EvaluationSettings.validating(Map.of())).evaluate(unit);
        return Stage.of(evaluated, new TreeMap<>());
    }

    /** Inputs of images made of this world. */
    public static String images(String others) {
        return """
                talos_version        = "v1.12.0"
                imager_image         = "oci:../world:imager"
                base_installer_image = "oci:../world:base"
                iso_output_dir       = "iso"
                squashfs_compression = "zstd"
                """ + others;
    }

    /** What was said, one line each. */
    public static String messages(List<Event> events) {
        StringBuilder text = new StringBuilder();
        for (Event event : List.copyOf(events)) {
            if (event instanceof Event.Noticed noticed) {
                text.append(noticed.level()).append(' ').append(noticed.text()).append('\n');
            }
        }
        return text.toString();
    }
}
