package dev.talosforge.talos.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.json.Json.JsonArray;
import dev.talosforge.json.Json.JsonText;
import dev.talosforge.json.JsonReader;
import dev.talosforge.talos.Architecture;
import dev.talosforge.talos.Platform;
import dev.talosforge.talos.TalosVersion;
import dev.talosforge.talos.image.StartLines.Images;
import dev.talosforge.talos.image.StartLines.MachineInstall;
import dev.talosforge.talos.kernel.ArgumentChanges;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Judged by Talos' own code: what it makes, and what was read on machines that it installed. */
class StartLinesTest {
    private static final List<String> EXAMPLE =
            List.of("talos.platform=metal", "intel_iommu=on", "iommu=pt", "-init_on_alloc", "mitigations=off");

    private static TalosVersion version(String text) {
        return Objects.requireNonNull(TalosVersion.parse(text), text);
    }

    private static Images images(String version, Platform iso, Platform installer, List<String> kernelArgs) {
        return new Images(version(version), Architecture.AMD64, iso, installer, kernelArgs);
    }

    /** One line of the sample: what Talos made of these. */
    private record Made(
            TalosVersion version,
            Platform platform,
            Architecture architecture,
            String kind,
            List<String> extra,
            String line) {
        Images images() {
            return new Images(version, architecture, platform, platform, extra);
        }
    }

    private static List<Made> sample() throws Exception {
        List<Made> sample = new ArrayList<>();
        for (String row : Files.readAllLines(Path.of("core/src/test/resources/talos/command-lines.txt"))) {
            if (!row.startsWith("#")) {
                String[] columns = row.split("\t", -1);
                List<String> extra = ((JsonArray) JsonReader.read("extra", columns[4].getBytes(UTF_8)))
                        .items().stream().map(item -> ((JsonText) item).value()).toList();
                sample.add(new Made(
                        version(columns[0]),
                        Objects.requireNonNull(Platform.of(columns[1])),
                        Objects.requireNonNull(Architecture.of(columns[2])),
                        columns[3],
                        extra,
                        columns[5]));
            }
        }
        assertEquals(218, sample.size());
        return sample;
    }

    /** {@code /proc/cmdline} of Talos 1.11.5 from the ISO of the example tree, and from the disk that it installed. */
    @Test
    void aMachineOfTalos1115HadTheseLines() {
        String defaults =
                "slab_nomerge pti=on consoleblank=0 nvme_core.io_timeout=4294967295 printk.devkmsg=on selinux=1";
        String own = " intel_iommu=on iommu=pt mitigations=off";
        String iso = "talos.platform=nocloud console=tty1 console=ttyS0 net.ifnames=0 talos.halt_if_installed=1 "
                + defaults + own;
        StartLines lines =
                StartLines.of(images("v1.11.5", Platform.NOCLOUD, Platform.METAL, EXAMPLE), MachineInstall.SILENT);
        assertEquals("BOOT_IMAGE=/boot/vmlinuz " + iso, lines.isoBios());
        assertEquals(iso, lines.isoUefi());
        assertEquals(
                "BOOT_IMAGE=/A/vmlinuz talos.platform=nocloud talos.config=none console=tty1 console=ttyS0"
                        + " net.ifnames=0 net.ifnames=0 init_on_alloc=1 " + defaults,
                lines.installedBios());
        assertEquals("talos.platform=metal console=tty0 " + defaults + own, lines.installedUefi());
    }

    @Test
    void imagesHaveTheLinesOfTalosOwnCode() throws Exception {
        for (Made made : sample()) {
            StartLines lines = StartLines.of(made.images(), MachineInstall.SILENT);
            assertEquals(
                    made.line(), made.kind().equals("iso") ? lines.isoUefi() : lines.installedUefi(), made.toString());
            if (lines.isoBios() != null) {
                assertEquals("BOOT_IMAGE=/boot/vmlinuz " + lines.isoUefi(), lines.isoBios(), made.toString());
            }
            assertEquals(made.architecture() == Architecture.ARM64, lines.installedBios() == null);
        }
    }

    /** One platform in both, and the lines that are told in the machine configuration: nothing changes by any way. */
    @Test
    void theSuggestedLinesFixIt() throws Exception {
        int bios = 0;
        for (Made made : sample()) {
            Installation installation = Installation.of(made.images());
            assertTrue(installation.byUefi().none(), made.toString());
            if (!made.version().atLeast(1, 10, 0) || installation.byBios() == null) {
                continue; // other installers, which are not made here
            }
            StartLines mended = StartLines.of(made.images(), installation.machineInstall());
            assertNotNull(mended.isoBios());
            assertNotNull(mended.installedBios());
            ArgumentChanges left = ArgumentChanges.between(mended.isoBios(), mended.installedBios());
            assertTrue(left.none(), () -> made + "\n" + mended + "\n" + left);
            bios += installation.byBios().none() ? 0 : 1;
        }
        assertTrue(bios > 30, "only %d of the sample lose anything by BIOS".formatted(bios));
    }

    @Test
    void argumentsThatAreReportedKeepAllButThePlatform() {
        for (String version : List.of("v1.10.9", "v1.11.5", "v1.12.0", "v1.13.9", "v1.14.0")) {
            for (Architecture architecture : Architecture.values()) {
                for (Platform iso : Platform.values()) {
                    Images before = new Images(version(version), architecture, iso, Platform.METAL, List.of("quiet"));
                    List<String> more = new ArrayList<>(before.kernelArgs());
                    more.addAll(Installation.of(before).missingKernelArgs());
                    Images after = new Images(version(version), architecture, iso, Platform.METAL, more);
                    ArgumentChanges left = Installation.of(after).byUefi();
                    assertTrue(left.onlyPlatform(), () -> after + "\n" + left);
                }
            }
        }
    }

    @Test
    void grubTakesTheInstallersLineWhereItIsAskedTo() {
        Images images = images("v1.12.0", Platform.NOCLOUD, Platform.METAL, EXAMPLE);
        StartLines asked = StartLines.of(images, new MachineInstall(List.of(), true));
        assertEquals("BOOT_IMAGE=/A/vmlinuz " + asked.installedUefi(), asked.installedBios());
        // Talos 1.11 does not know the setting
        Images older = images("v1.11.5", Platform.NOCLOUD, Platform.METAL, EXAMPLE);
        assertEquals(
                StartLines.of(older, MachineInstall.SILENT), StartLines.of(older, new MachineInstall(List.of(), true)));
        assertNull(StartLines.of(
                        new Images(version("v1.12.0"), Architecture.ARM64, Platform.METAL, Platform.METAL, List.of()),
                        MachineInstall.SILENT)
                .isoBios());
    }

    /** A metal machine keeps its serial console, and a running system's answers to some questions are kept by any. */
    @Test
    void anInstallationByBiosTakesOverWhatTalosSays() {
        Images metal = images("v1.11.5", Platform.METAL, Platform.METAL, List.of("console=ttyS0", "quiet"));
        assertEquals(
                "BOOT_IMAGE=/A/vmlinuz talos.platform=metal talos.config=none console=tty0 console=ttyS0 init_on_alloc=1"
                        + " slab_nomerge pti=on consoleblank=0 nvme_core.io_timeout=4294967295 printk.devkmsg=on selinux=1",
                StartLines.of(metal, MachineInstall.SILENT).installedBios());
        Images asked = images(
                "v1.12.0",
                Platform.METAL,
                Platform.METAL,
                List.of("siderolink.api=grpc://a", "talos.config=http://b/"));
        assertEquals(
                "BOOT_IMAGE=/A/vmlinuz talos.platform=metal talos.config=http://b/ console=tty0 init_on_alloc=1"
                        + " slab_nomerge pti=on consoleblank=0 nvme_core.io_timeout=4294967295 printk.devkmsg=on selinux=1"
                        + " module.sig_enforce=1 module.sig_enforce=1 siderolink.api=grpc://a",
                StartLines.of(asked, MachineInstall.SILENT).installedBios());
    }
}
