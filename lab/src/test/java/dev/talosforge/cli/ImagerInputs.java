package dev.talosforge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.cli.session.GlobalOptions;
import dev.talosforge.cli.session.ProcessEnvironment;
import dev.talosforge.cli.session.Session;
import dev.talosforge.lab.Lab;
import dev.talosforge.lab.StandInImage;
import dev.talosforge.lab.StandIns;
import dev.talosforge.oci.ImageReference;
import dev.talosforge.pipeline.image.SingleLayerImage;
import dev.talosforge.testkit.Judge;
import dev.talosforge.testkit.LocalRegistry;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import dev.talosforge.tree.TreeBuilder;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the real imager and this program make images of: the lab's images in a registry, for both architectures. */
final class ImagerInputs implements AutoCloseable {
    /** That the lab's images stand for. */
    private static final String VERSION = "v1.11.5";

    /** Of the initramfs: with a smaller boot image, imager makes a partition that is too small for FAT32, and fails. */
    private static final long FILLER = 12L << 20;

    private static final Path LAB = Path.of("target/lab");
    private static final String INSTALL = "usr/install/";
    private static final String ARM64 = "-arm64";
    private static final String HOME = "ghcr.io/siderolabs/";

    private final Path folder;
    private final SortedMap<String, String> environment = new TreeMap<>();
    private final LocalRegistry registry;
    private final Path files;
    private final String path;

    ImagerInputs(Path folder) throws Exception {
        this.folder = folder;
        registry = LocalRegistry.start(Files.createDirectories(folder.resolve("registry")));
        environment.put("PATH", System.getenv("PATH"));
        environment.put("HOME", folder.toString());
        environment.put("TALOS_FORGE_STORE", folder.resolve("store").toString());
        environment.put(
                "TALOS_FORGE_REGISTRIES",
                "{\"ghcr.io\":[{\"url\":\"http://%s\",\"push\":true}]}".formatted(registry.host()));
        files = folder.resolve("imager");
        try {
            fill();
            path = Packages.newerSquashfsTools(folder.resolve("tools")) + File.pathSeparator + System.getenv("PATH");
        } catch (Exception | AssertionError e) {
            registry.close();
            throw e;
        }
    }

    private void fill() throws Exception {
        StandIns standIns = new StandIns(new Lab(LAB, Path.of("/etc")).packages(), folder.resolve("stand-ins"));
        for (StandInImage base : standIns.bases(VERSION, FILLER)) {
            if (base.reference().contains("/imager:")) {
                imagerForBoth(base);
            } else {
                push(base.reference(), base.content(), base.entrypoint());
            }
        }
        standIns.extensions().forEach(image -> push(image.reference(), image.content(), image.entrypoint()));
        forArm64("imager");
        forArm64("installer-base");
    }

    /**
     * The image of imager has the files of both architectures. The initramfs of one serves for the other here, thrice,
     * so that an EFI partition becomes large enough for clusters of another size.
     */
    private void imagerForBoth(StandInImage image) throws Exception {
        Path amd64 = Files.createDirectories(files.resolve("amd64"));
        for (Entry entry : image.content().below(INSTALL + "amd64")) {
            if (entry instanceof Entry.RegularFile file) {
                try (InputStream in = file.content().open()) {
                    Files.copy(in, amd64.resolve(FileTree.nameOf(file.path())));
                }
            }
        }
        Path arm64 = Files.createDirectories(files.resolve("arm64"));
        Packages.forArm64(folder.resolve("arm64"), arm64);
        ByteSource initramfs = ByteSource.of(amd64.resolve("initramfs.xz"));
        try (InputStream in =
                ByteSource.concat(List.of(initramfs, initramfs, initramfs)).open()) {
            Files.copy(in, arm64.resolve("initramfs.xz"));
        }
        TreeBuilder both = new TreeBuilder(StandIns.MODIFIED);
        image.content().entries().forEach(both::add);
        for (String name : List.of("vmlinuz", "initramfs.xz", "systemd-stub.efi", "systemd-boot.efi")) {
            both.file(INSTALL + "arm64/" + name, 0644, ByteSource.of(arm64.resolve(name)));
        }
        push(image.reference(), both.build(), image.entrypoint());
    }

    /** The same images, which say that they are for another architecture. */
    private void forArm64(String name) throws Exception {
        String image = registry.host() + "/siderolabs/" + name + ":" + VERSION;
        Judge.Result result = Judge.only("crane")
                .run(
                        folder,
                        new TreeMap<>(),
                        "mutate",
                        "--insecure",
                        image,
                        "--set-platform",
                        "linux/arm64",
                        "--tag",
                        image + ARM64);
        assertEquals(0, result.code(), result::err);
    }

    void push(String reference, FileTree content, List<String> entrypoint) {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), true, UTF_8);
        try {
            SingleLayerImage.push(
                    Session.open(new ProcessEnvironment(nowhere, nowhere, environment, false), new GlobalOptions())
                            .context(),
                    ImageReference.parse(reference),
                    content,
                    entrypoint,
                    StandIns.MODIFIED);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError("cannot push " + reference, e);
        }
    }

    CommandLineRun run(Path unit, String... arguments) {
        CommandLineRun run = CommandLineRun.in(unit, environment, arguments);
        assertEquals(0, run.code(), () -> run.out() + run.err());
        return run;
    }

    /** The real imager, with all that it needs for images of an architecture. */
    RealImager imager(String version, String architecture) {
        return new RealImager(
                new Judge("talos", version), path, files.resolve(architecture), registry.host(), StandIns.MODIFIED);
    }

    /** A reference to one of Talos' own images. */
    static String image(String name, String architecture) {
        return HOME + name + ":" + VERSION + (architecture.equals("amd64") ? "" : ARM64);
    }

    /** The lab's official extensions and the example's own one, which is made here. */
    List<String> fiveExtensions() throws IOException {
        Path tree = folder.resolve("example");
        ExampleTree.copyTo(tree);
        Path unit = tree.resolve("live/artifacts/extension");
        run(unit, "apply");
        List<String> extensions = new ArrayList<>();
        for (String name : List.of("intel-ucode:20250812", "qemu-guest-agent:10.0.2", "crun:1.24", "ctr:v2.1.5")) {
            extensions.add(HOME + name);
        }
        extensions.add(run(unit, "output", "--raw", "extension_image").out().strip());
        return extensions;
    }

    List<String> oddExtensions() throws IOException {
        List<String> references = new ArrayList<>();
        OddExtensions.all().forEach((name, content) -> {
            String reference = "ghcr.io/odd/" + name + ":v1";
            push(reference, content, List.of());
            references.add(reference);
        });
        return references;
    }

    @Override
    public void close() {
        registry.close();
    }
}
