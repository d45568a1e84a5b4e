package dev.talosforge.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.cli.session.GlobalOptions;
import dev.talosforge.cli.session.ProcessEnvironment;
import dev.talosforge.cli.session.Session;
import dev.talosforge.oci.ImageReference;
import dev.talosforge.pipeline.context.BuildContext;
import dev.talosforge.pipeline.image.SingleLayerImage;
import dev.talosforge.testkit.FakeTalos;
import dev.talosforge.testkit.LocalRegistry;
import dev.talosforge.tree.TreeBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A registry with images that have the shape of Talos' own and boot nothing, and units that build from them. The
 * program runs as a process of its own.
 */
record SmallWorld(Path folder, LocalRegistry registry) {
    private static final int MEGABYTE = 1 << 20;
    private static final long TIME = 1_735_689_600L;

    static SmallWorld in(Path folder) throws Exception {
        SmallWorld world = new SmallWorld(
                folder.toRealPath(), LocalRegistry.start(Files.createDirectories(folder.resolve("registry"))));
        world.fill();
        return world;
    }

    private void fill() throws Exception {
        BuildContext context = context();
        imager(random(8));
        push(context, "installer-base:v1.11.5", new TreeBuilder(TIME).file("usr/bin/installer", 0755, random(8)));
        extension(context, "hello", random(6));
    }

    /** Publishes {@code registry.test/talos/imager:v1.11.5}. */
    void imager(ByteSource initramfs) throws Exception {
        TreeBuilder imager = new TreeBuilder(TIME).file("usr/install/amd64/initramfs.xz", 0644, initramfs);
        FakeTalos.install(FakeTalos.Cpu.AMD64)
                .forEach((path, content) -> imager.file(path, 0644, ByteSource.of(content)));
        FakeTalos.grub()
                .forEach((name, content) -> imager.file("usr/lib/grub/i386-pc/" + name, 0644, ByteSource.of(content)));
        push(context(), "imager:v1.11.5", imager);
    }

    private BuildContext context() throws Exception {
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), true, UTF_8);
        return Session.open(
                        new ProcessEnvironment(nowhere, nowhere, environment(folder.resolve("filling")), false),
                        new GlobalOptions())
                .context();
    }

    /** Publishes {@code registry.test/talos/NAME:v1}, which has one small file. */
    void extension(String name) throws Exception {
        extension(name, name);
    }

    /** The same, with this content. */
    void extension(String name, String content) throws Exception {
        extension(context(), name, ByteSource.of(content.getBytes(US_ASCII)));
    }

    private static void extension(BuildContext context, String name, ByteSource content) throws Exception {
        push(
                context,
                name + ":v1",
                new TreeBuilder(TIME)
                        .file("manifest.yaml", 0644, FakeTalos.manifest(name))
                        .file("rootfs/usr/local/bin/" + name, 0755, content));
    }

    private static void push(BuildContext context, String name, TreeBuilder tree) throws Exception {
        SingleLayerImage.push(
                context, ImageReference.parse("registry.test/talos/" + name), tree.build(), List.of(), TIME);
    }

    /** What does not compress, so that every step takes its time. */
    private static ByteSource random(int megabytes) {
        return ByteSource.of(FakeTalos.noise(megabytes * MEGABYTE, megabytes));
    }

    /** Makes a unit whose installer gets this tag. */
    Path unit(String tag) throws IOException {
        Path unit = Files.createDirectories(folder.resolve("tree").resolve(tag));
        Files.writeString(unit.resolve("terragrunt.hcl"), """
                terraform { source = "../modules/talos_images" }
                inputs = {
                  talos_version        = "v1.11.5"
                  installer_registry   = "registry.test/acme/installer"
                  installer_tag        = "%s"
                  custom_extensions    = ["registry.test/talos/hello:v1"]
                  imager_image         = "registry.test/talos/imager:v1.11.5"
                  base_installer_image = "registry.test/talos/installer-base:v1.11.5"
                  iso_output_dir       = "iso"
                  squashfs_compression = "zstd"
                }
                """.formatted(tag));
        return unit;
    }

    SortedMap<String, String> environment(Path store) {
        SortedMap<String, String> environment = new TreeMap<>();
        environment.put("HOME", folder.toString());
        environment.put("PATH", String.valueOf(System.getenv("PATH")));
        environment.put("TALOS_FORGE_STORE", store.toString());
        environment.put(
                "TALOS_FORGE_REGISTRIES", "{\"registry.test\":[{\"url\":\"http://%s\"}]}".formatted(registry.host()));
        environment.put("SOURCE_DATE_EPOCH", Long.toString(TIME));
        return environment;
    }

    /** Starts {@code apply --json} of a unit. Its events are read from the error stream. */
    Process apply(Path unit, Path store) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "env",
                "--default-signal=INT", // a build in the background ignores it, and children inherit that
                ProcessHandle.current().info().command().orElseThrow(),
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.talosforge.cli.Main",
                "-C",
                unit.toString(),
                "apply",
                "--json"));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.to(
                        unit.resolveSibling(unit.getFileName() + ".out").toFile()));
        builder.environment().clear();
        builder.environment().putAll(environment(store));
        return builder.start();
    }
}
