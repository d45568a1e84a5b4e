package dev.talosforge.lab;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.ByteSink;
import dev.talosforge.bytes.ByteSource;
import dev.talosforge.debian.DebFile;
import dev.talosforge.debian.DebPackages;
import dev.talosforge.debian.DebianRoot;
import dev.talosforge.debian.PackageRequest;
import dev.talosforge.format.pe.PeImage;
import dev.talosforge.format.pe.UkiAssembler;
import dev.talosforge.support.KeptPackages;
import dev.talosforge.talos.Architecture;
import dev.talosforge.talos.OutputKind;
import dev.talosforge.talos.Platform;
import dev.talosforge.talos.TalosVersion;
import dev.talosforge.talos.image.BootFiles;
import dev.talosforge.talos.image.BootIso;
import dev.talosforge.talos.image.EfiProgram;
import dev.talosforge.talos.image.UkiSections;
import dev.talosforge.talos.kernel.KernelCommandLine;
import dev.talosforge.talos.kernel.KernelFile;
import dev.talosforge.testkit.RequiredTool;
import dev.talosforge.tree.FileTree;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The recipes for arm64 with Debian's kernel, stub and boot loader for it, judged by the field's tools and by starting
 * it.
 */
@Tag("boot")
class Arm64IsoTest {
    private static final Path NOTHING = Path.of("/dev/null");
    private static final Path FIRMWARE = Path.of("/usr/share/qemu-efi-aarch64/QEMU_EFI.fd");
    private static final long BOOT_SECONDS = 900;

    @TempDir
    private Path folder;

    private FileTree unpacked(DebPackages packages, String request) throws IOException {
        List<ByteSource> files = new ArrayList<>();
        for (DebFile file : packages.of(request)) {
            files.add(ByteSource.of(file.file()));
        }
        return DebianRoot.unpacked(files, Files.createDirectories(folder.resolve(request)));
    }

    private static KernelCommandLine commandLine(TalosVersion version) {
        return KernelCommandLine.of(
                new KernelCommandLine.Target(OutputKind.ISO, Platform.METAL, Architecture.ARM64, version),
                List.of("console=ttyAMA0")); // the screen would be /dev/console otherwise
    }

    /** An ISO of Talos 1.12 or newer for arm64: for UEFI alone. */
    private Path iso() throws IOException {
        TalosVersion version = Objects.requireNonNull(TalosVersion.parse("v1.12.0"));
        DebPackages packages = KeptPackages.fetch(
                "arm64",
                List.of(
                        PackageRequest.newerThrough("kernel", "linux-image-cloud-arm64", "linux-image-*"),
                        PackageRequest.only("busybox", "busybox-static"),
                        PackageRequest.newer("boot", "systemd-boot-efi")));
        FileTree boot = unpacked(packages, "boot");
        StandInBase base = StandInBase.make(
                version.text(),
                unpacked(packages, "kernel"),
                unpacked(packages, "busybox"),
                null,
                folder.resolve("base"),
                StandIns.MODIFIED,
                0);
        UkiSections sections = new UkiSections(
                version,
                commandLine(version).line(),
                KernelFile.read(base.kernel(), Architecture.ARM64).version(),
                null,
                base.kernel(),
                base.initramfs());
        PeImage uki = UkiAssembler.assemble(
                EfiProgram.read(
                        "stub",
                        StandInBase.file(boot, "usr/lib/systemd/boot/efi/linuxaa64.efi.stub"),
                        Architecture.ARM64),
                sections.of(OutputKind.ISO),
                BootIso.ALIGNMENT,
                StandIns.MODIFIED);
        write(uki.bytes(), folder.resolve("uki.efi"));
        ByteSource iso = BootIso.of(
                new BootIso.Contents(
                        version,
                        Architecture.ARM64,
                        uki,
                        StandInBase.file(boot, "usr/lib/systemd/boot/efi/systemd-bootaa64.efi"),
                        null,
                        "",
                        BootFiles.loaderConf(),
                        StandIns.MODIFIED),
                (block, offset, length) -> {
                    throw new AssertionError("there is no GRUB on it");
                });
        return write(iso, folder.resolve("arm64.iso"));
    }

    private static Path write(ByteSource source, Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            ByteSink.over(out).copy(source).flush();
        }
        return file;
    }

    @Test
    void theFieldReadsItAndItStarts() throws Exception {
        RequiredTool qemu = RequiredTool.named("qemu-system-aarch64", "qemu-system-arm");
        RequiredTool.file(FIRMWARE, "qemu-efi-aarch64");
        Path iso = iso();
        judged(iso);
        String console = console(qemu, iso);
        assertTrue(console.contains("EFI stub: "), console);
        assertTrue(console.contains("Linux version 6."), console);
        assertTrue(console.contains("talos-forge-lab: ready extensions=0"), console);
    }

    private void judged(Path iso) throws Exception {
        String listed = RequiredTool.named("xorriso", "xorriso")
                .run(
                        folder,
                        NOTHING,
                        "-indev",
                        iso.toString(),
                        "-report_el_torito",
                        "plain",
                        "-report_system_area",
                        "plain");
        assertTrue(listed.contains("El Torito boot img :   1  UEFI  y   none"), listed);
        assertTrue(!listed.contains("BIOS"), listed);
        assertTrue(listed.contains("GPT partname local :   2  EFI"), listed);
        assertEquals(
                "EFI/BOOT/BOOTAA64.EFI\n",
                RequiredTool.named("xorriso", "xorriso")
                        .run(
                                folder,
                                NOTHING,
                                "-osirrox",
                                "on",
                                "-indev",
                                iso.toString(),
                                "-find",
                                "EFI/BOOT",
                                "-type",
                                "f",
                                "-exec",
                                "lsdl",
                                "--")
                        .lines()
                        .filter(line -> line.contains("BOOTAA64"))
                        .map(line -> line.replaceAll(".*'/?(.*)'.*", "$1") + "\n")
                        .findFirst()
                        .orElse(""));
        String sections = RequiredTool.named("aarch64-linux-gnu-objdump", "binutils-aarch64-linux-gnu")
                .run(folder, NOTHING, "-h", "uki.efi");
        for (String section : List.of(".osrel", ".cmdline", ".linux", ".initrd", ".profile")) {
            assertTrue(sections.contains(" " + section), sections);
        }
        assertTrue(sections.contains("pei-aarch64"), sections);
    }

    /** What the serial port says until the stand-in has told that it is up. */
    private String console(RequiredTool qemu, Path iso) throws Exception {
        Path log = folder.resolve("console");
        Process process = new ProcessBuilder(
                        qemu.path().toString(),
                        "-machine",
                        "virt",
                        "-cpu",
                        "cortex-a57",
                        "-smp",
                        "2",
                        "-m",
                        "1024",
                        "-bios",
                        FIRMWARE.toString(),
                        "-device",
                        "virtio-scsi-pci",
                        "-drive",
                        "if=none,id=cd,media=cdrom,format=raw,file=" + iso,
                        "-device",
                        "scsi-cd,drive=cd",
                        "-display",
                        "none",
                        "-nic",
                        "none",
                        "-no-reboot",
                        "-serial",
                        "file:" + log)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("qemu").toFile())
                .start();
        try {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(BOOT_SECONDS);
            String message = "";
            while (System.nanoTime() < end && process.isAlive() && !message.contains("talos-forge-lab: ready")) {
                process.waitFor(500, TimeUnit.MILLISECONDS);
                message = Files.exists(log) ? new String(Files.readAllBytes(log), UTF_8) : "";
            }
            return message + Files.readString(folder.resolve("qemu"));
        } finally {
            process.destroyForcibly();
        }
    }
}
