package dev.talosforge.lab;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.debian.HostCommand;
import dev.talosforge.lab.BootMedium.Firmware;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Boots an image in QEMU and reads on the serial console what came up. No hardware virtualisation is asked for: it is
 * often there and does not work, and ten seconds are good enough.
 *
 * <p>The machine has no network, and the port that the guest agent talks to.
 */
public final class QemuBoot {
    private static final String PANIC = "Kernel panic - not syncing";
    private static final int POLL_MILLISECONDS = 100;
    private static final int MAX_SERIAL = 16 << 20;

    /**
     * Without {@code cmpxchg16b}, which the emulation of QEMU 7.2 gets wrong: it puts half of an operand into the flags,
     * and Linux 6.12 dies of it in its memory allocator, in every second boot and never at the same place.
     */
    private static final String CPU = "qemu64,-cx16,+popcnt,+ssse3,+sse4.1,+sse4.2";

    private static final Path OVMF = Path.of("/usr/share/OVMF");

    private final Path folder;
    private final InstantSource clock;
    private final int memoryMegabytes;

    /**
     * A machine to boot in.
     *
     * @param folder takes {@code serial.log} and the firmware's variables; it is made when it is not there
     * @param memoryMegabytes of the machine; kernel, initramfs and its unpacked files have to fit
     */
    public QemuBoot(Path folder, InstantSource clock, int memoryMegabytes) {
        this.folder = folder.toAbsolutePath().normalize();
        this.clock = clock;
        this.memoryMegabytes = memoryMegabytes;
    }

    /** What the console said; stays after the boot. */
    public Path serialLog() {
        return folder.resolve("serial.log");
    }

    /**
     * Boots and waits until the image says that it is ready. An image that fails, or says nothing within {@code limit},
     * is a {@link BuildException} with the last lines of the console.
     */
    public BootReport boot(BootMedium medium, Duration limit) throws IOException {
        Files.createDirectories(folder);
        Files.deleteIfExists(serialLog());
        Files.createFile(serialLog());
        Instant start = clock.instant();
        Process machine = HostCommand.start(
                "cannot boot " + medium.title(),
                "qemu-system-x86",
                new ProcessBuilder(command(medium))
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectInput(ProcessBuilder.Redirect.from(
                                Path.of("/dev/null").toFile()))
                        .redirectOutput(folder.resolve("qemu.log").toFile()));
        try {
            while (true) {
                boolean ended = machine.waitFor(POLL_MILLISECONDS, TimeUnit.MILLISECONDS);
                Duration passed = Duration.between(start, clock.instant());
                String serial = serial();
                BootReport report = BootReport.read(serial, passed.toMillis());
                if (report.isReady()) {
                    return report;
                }
                if (report.complete() || ended || serial.contains(PANIC) || passed.compareTo(limit) > 0) {
                    throw failed(medium, report, ended, serial, limit);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + medium.title() + " booted", e);
        } finally {
            machine.destroyForcibly();
        }
    }

    private BuildException failed(BootMedium medium, BootReport report, boolean ended, String serial, Duration limit)
            throws IOException {
        String why;
        boolean machineFailed = ended && serial.isBlank();
        if (report.failure() != null) {
            why = report.failure();
        } else if (machineFailed) {
            why = "QEMU ended: " + HostCommand.lastLines(Files.readString(folder.resolve("qemu.log"), ISO_8859_1));
        } else if (serial.contains(PANIC)) {
            why = "the kernel panicked";
        } else if (ended) {
            why = "the machine was switched off before it was ready";
        } else {
            why = "it was not ready within %d s".formatted(limit.toSeconds());
        }
        return new BuildException(
                new Problem(
                        machineFailed ? Problem.Kind.ENVIRONMENT : Problem.Kind.BAD_ARTIFACT,
                        "cannot boot " + medium.title(),
                        null,
                        why + System.lineSeparator() + HostCommand.lastLines(printable(serial)),
                        "the whole console is in " + serialLog()),
                null);
    }

    private String serial() throws IOException {
        return new String(ByteSource.of(serialLog()).readAll("serial console", MAX_SERIAL), ISO_8859_1);
    }

    /** Without what a firmware menu sends to draw itself. */
    private static String printable(String serial) {
        return serial.replaceAll("\\x1b\\[[0-9;?=]*[A-Za-z]", "").replaceAll("[^\\n\\x20-\\x7e]", "");
    }

    private List<String> command(BootMedium medium) throws IOException {
        List<String> command = new ArrayList<>(List.of("qemu-system-x86_64"));
        add(command, "-machine q35,accel=tcg -cpu " + CPU);
        add(command, "-smp 2 -nodefaults -no-reboot -display none -vga std");
        add(command, "-chardev null,id=agent -device virtio-serial-pci");
        add(command, "-device virtserialport,chardev=agent,name=org.qemu.guest_agent.0");
        add(command, "-m " + memoryMegabytes);
        command.addAll(List.of("-serial", "file:" + escaped(serialLog())));
        switch (medium) {
            case BootMedium.Iso iso -> {
                firmware(command, iso.firmware());
                command.addAll(List.of(
                        "-drive", "if=none,id=cd,media=cdrom,readonly=on,format=raw,file=" + escaped(iso.file())));
                add(command, "-device ide-cd,drive=cd,bootindex=0");
            }
            case BootMedium.Disk disk -> {
                firmware(command, disk.firmware());
                command.addAll(
                        List.of("-drive", "if=none,id=disk,snapshot=on,format=raw,file=" + escaped(disk.file())));
                add(command, "-device ide-hd,drive=disk,bootindex=0");
            }
            case BootMedium.Uki uki -> {
                firmware(command, Firmware.UEFI);
                command.addAll(
                        List.of("-drive", "if=none,id=esp,format=raw,file=fat:" + escaped(systemPartition(uki))));
                add(command, "-device ide-hd,drive=esp,bootindex=0");
            }
            case BootMedium.Kernel kernel ->
                command.addAll(List.of(
                        "-kernel", kernel.kernel().toAbsolutePath().toString(),
                        "-initrd", kernel.initramfs().toAbsolutePath().toString(),
                        "-append", kernel.arguments()));
        }
        return command;
    }

    private void firmware(List<String> command, Firmware firmware) throws IOException {
        if (firmware == Firmware.BIOS) {
            return;
        }
        Path code = OVMF.resolve("OVMF_CODE_4M.fd");
        Path variables = OVMF.resolve("OVMF_VARS_4M.fd");
        if (!Files.isReadable(code) || !Files.isReadable(variables)) {
            throw new BuildException(
                    new Problem(
                            Problem.Kind.ENVIRONMENT,
                            "cannot boot by UEFI",
                            null,
                            "there is no firmware at " + code,
                            "apt-get install ovmf"),
                    null);
        }
        Path own = folder.resolve("variables.fd");
        Files.copy(variables, own, StandardCopyOption.REPLACE_EXISTING);
        command.addAll(List.of(
                "-drive", "if=pflash,format=raw,readonly=on,file=" + code,
                "-drive", "if=pflash,format=raw,file=" + escaped(own)));
    }

    /** A folder that QEMU shows to the machine as a FAT partition. */
    private Path systemPartition(BootMedium.Uki uki) throws IOException {
        Path root = folder.resolve("esp");
        Path boot = root.resolve("EFI/BOOT/BOOTX64.EFI");
        Files.createDirectories(boot.getParent());
        Files.copy(uki.file(), boot, StandardCopyOption.REPLACE_EXISTING);
        return root;
    }

    private static void add(List<String> command, String words) {
        command.addAll(List.of(words.split(" ")));
    }

    /** QEMU takes a comma as the end of a value unless it stands twice. */
    private static String escaped(Path path) {
        return path.toAbsolutePath().toString().replace(",", ",,");
    }
}
