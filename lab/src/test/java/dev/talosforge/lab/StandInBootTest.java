package dev.talosforge.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.debian.DebFile;
import dev.talosforge.debian.DebPackages;
import dev.talosforge.debian.DebianRoot;
import dev.talosforge.debian.PackageRequest;
import dev.talosforge.support.KeptPackages;
import dev.talosforge.testkit.RequiredTool;
import dev.talosforge.tree.DiskTree;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import dev.talosforge.tree.TreeBuilder;
import java.io.IOException;
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

    @Test
    void mountsExtensionsAndStartsWhatTheyBring() throws IOException {
        RequiredTool.named("qemu-system-x86_64", "qemu-system-x86");
        List<PackageRequest> requests = new ArrayList<>(StandIns.requests());
        requests.add(PackageRequest.closure("frr", "frr", "prometheus-frr-exporter", "busybox-static"));
        DebPackages packages = KeptPackages.fetch(requests);
        StandIns standIns = new StandIns(packages, folder);

        StandInMachine image = new StandInMachine(folder);
        FileTree microcode = null;
        for (StandInImage extension : standIns.extensions()) {
            if (extension.repository().endsWith("/intel-ucode")) {
                microcode = extension.content();
            } else {
                image.layer(
                        FileTree.nameOf(extension.repository()),
                        extension.content().subtree("rootfs"));
            }
        }
        image.layer("frr", frr(packages));

        assertNotNull(microcode);
        BootMedium medium = image.medium(
                packages,
                StandInBase.file(microcode, "rootfs/usr/lib/firmware/intel-ucode/06-00-00"),
                "talos.platform=nocloud console=tty1 console=ttyS0");

        QemuBoot qemu = new QemuBoot(folder.resolve("boot"), InstantSource.system(), Hardware.of(1024));
        BootReport report = qemu.boot(medium, Duration.ofMinutes(10));

        assertTrue(report.isReady());
        assertEquals("talos.platform=nocloud console=tty1 console=ttyS0", report.kernelArguments());
        assertEquals(
                List.of("qemu-guest-agent", "crun", "ctr", "frr"),
                report.extensions().stream().map(BootReport.Extension::name).toList());
        assertEquals(List.of(), report.running());
        // Before a node is installed there is no cri. Nobody configures FRR here; what it does with a configuration is
        // seen in EndToEndIT.
        assertEquals(
                List.of(
                        new BootReport.Waiting("frr", "configuration"),
                        new BootReport.Waiting("qemu-guest-agent", "service cri")),
                report.waiting());
        assertEquals(
                List.of("containerd part 00-base.part", "containerd part 10-crun.part"),
                report.notes().stream()
                        .filter(note -> note.startsWith("containerd part "))
                        .toList());
        assertEquals(
                List.of("crun", "ctr"),
                report.answers().stream().map(BootReport.Answer::program).toList());
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
}
