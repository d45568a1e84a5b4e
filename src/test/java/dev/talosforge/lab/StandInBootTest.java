package dev.talosforge.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.ByteSink;
import dev.talosforge.bytes.ByteSource;
import dev.talosforge.debian.Apt;
import dev.talosforge.debian.DebFile;
import dev.talosforge.debian.DebPackages;
import dev.talosforge.debian.DebianRoot;
import dev.talosforge.debian.PackageRequest;
import dev.talosforge.format.compress.Zstd;
import dev.talosforge.format.cpio.CpioArchive;
import dev.talosforge.format.squashfs.SquashfsOptions;
import dev.talosforge.format.squashfs.SquashfsWriter;
import dev.talosforge.support.RequiredTool;
import dev.talosforge.tree.DiskTree;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import dev.talosforge.tree.TreeBuilder;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stand-in base with all extensions of the example, put together by hand and booted. */
@Tag("boot")
class StandInBootTest {
    private static final Path EXAMPLE = Path.of("examples/live/artifacts/extension/rootfs");

    @TempDir
    private Path folder;

    private final TreeBuilder segment = new TreeBuilder(StandIns.MODIFIED);
    private final StringBuilder list = new StringBuilder("layers:\n");
    private int layers;

    @Test
    void mountsExtensionsAndStartsWhatTheyBring() throws IOException {
        RequiredTool.named("qemu-system-x86_64", "qemu-system-x86");
        List<PackageRequest> requests = new ArrayList<>(StandIns.requests());
        requests.add(PackageRequest.closure("frr", "frr", "prometheus-frr-exporter", "busybox-static"));
        // Kept between runs: sixty packages are not fetched for every test.
        DebPackages packages = new Apt(Path.of("target/lab-apt"), Path.of("/etc")).fetch(requests);
        StandIns standIns = new StandIns(packages, folder);

        FileTree microcode = null;
        for (StandInImage image : standIns.extensions()) {
            if (image.repository().endsWith("/intel-ucode")) {
                microcode = image.content();
            } else {
                layer(FileTree.nameOf(image.repository()), image.content().subtree("rootfs"));
            }
        }
        layer("frr", frr(packages));
        segment.file("extensions.yaml", 0644, list.toString());

        StandInImage imager = standIns.bases("v1.11.5").getFirst();
        assertNotNull(microcode);
        Path initramfs = initramfs(StandInBase.file(imager.content(), "usr/install/amd64/initramfs.xz"), microcode);
        Path kernel = folder.resolve("vmlinuz");
        copy(StandInBase.file(imager.content(), "usr/install/amd64/vmlinuz"), kernel);

        QemuBoot qemu = new QemuBoot(folder.resolve("boot"), InstantSource.system(), 1024);
        BootReport report = qemu.boot(
                new BootMedium.Kernel(kernel, initramfs, "talos.platform=nocloud console=tty1 console=ttyS0"),
                Duration.ofMinutes(3));

        assertTrue(report.isReady());
        assertEquals("talos.platform=nocloud console=tty1 console=ttyS0", report.kernelArguments());
        assertEquals(
                List.of("qemu-guest-agent", "crun", "ctr", "frr"),
                report.extensions().stream().map(BootReport.Extension::name).toList());
        assertTrue(report.running().containsAll(List.of("frr bgpd", "frr", "qemu-guest-agent")), report::toString);
        assertTrue(
                report.answers().stream()
                        .anyMatch(answer -> answer.program().equals("vtysh")
                                && answer.line().startsWith("FRRouting ")),
                report::toString);
        assertTrue(report.notes().stream().anyMatch(note -> note.startsWith("microcode GenuineIntel ")));
    }

    /** What the unit of the example describes: packages, and the files that stand beside it. */
    private FileTree frr(DebPackages packages) throws IOException {
        Files.createDirectories(folder.resolve("frr"));
        List<ByteSource> files = new ArrayList<>();
        for (DebFile file : packages.of("frr")) {
            files.add(ByteSource.of(file.file()));
        }
        TreeBuilder root = new TreeBuilder(StandIns.MODIFIED);
        for (Entry entry : DebianRoot.of(files, folder.resolve("frr")).entries()) {
            root.add(entry.withPath("usr/local/lib/containers/frr/" + entry.path()));
        }
        for (Entry entry : DiskTree.read(EXAMPLE).entries()) {
            root.add(entry.withAttributes(
                    Entry.Attributes.root(entry.attributes().permissions(), StandIns.MODIFIED)));
        }
        return root.build();
    }

    private void layer(String name, FileTree root) throws IOException {
        String image = layers++ + ".sqsh";
        Path file = folder.resolve(image);
        new SquashfsWriter(SquashfsOptions.zstd(Zstd.blocks(), Zstd.LEVEL, StandIns.MODIFIED), Runnable::run)
                .write(root, file);
        segment.file(image, 0644, ByteSource.of(file));
        list.append("    - image: ")
                .append(image)
                .append("\n      metadata:\n        name: ")
                .append(name);
        list.append("\n        version: \"1\"\n        description: |\n            name: not this\n");
        list.append("        compatibility:\n            talos:\n                version: '>= v1.0.0'\n");
    }

    /** Microcode first, the base, and the extensions as a plain archive that begins at a multiple of four. */
    private Path initramfs(ByteSource base, FileTree microcode) throws IOException {
        FileTree early = new TreeBuilder(StandIns.MODIFIED)
                .file(
                        "kernel/x86/microcode/GenuineIntel.bin",
                        0644,
                        StandInBase.file(microcode, "rootfs/usr/lib/firmware/intel-ucode/06-00-00"))
                .build();
        Path file = folder.resolve("initramfs");
        try (OutputStream out = Files.newOutputStream(file)) {
            ByteSink sink = ByteSink.over(out);
            sink.copy(CpioArchive.source(early.entries())).copy(base).alignTo(4);
            sink.copy(CpioArchive.source(segment.build().entries())).flush();
        }
        return file;
    }

    private static void copy(ByteSource source, Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            ByteSink.over(out).copy(source).flush();
        }
    }
}
