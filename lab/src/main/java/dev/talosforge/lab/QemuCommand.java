package dev.talosforge.lab;

import dev.talosforge.lab.BootMedium.Firmware;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The command line that starts a machine. Its serial console goes to a file; the machine's control port is the process'
 * standard input and output.
 */
final class QemuCommand {
    /**
     * Without {@code cmpxchg16b}, which QEMU 7.2 emulates wrongly: it puts half of an operand into the flags, and Linux
     * 6.12 crashes in its memory allocator, in every second boot and never at the same place. The level that Talos'
     * init requires, x86-64-v2, includes this instruction: the stand-in requires no level, and real Talos halts here.
     */
    private static final String CPU = "qemu64,-cx16,+popcnt,+ssse3,+sse4.1,+sse4.2";

    private static final Path OVMF = Path.of("/usr/share/OVMF");

    private final Path folder;
    private final List<String> words = new ArrayList<>(List.of("qemu-system-x86_64"));

    private QemuCommand(Path folder) {
        this.folder = folder;
    }

    /**
     * The command line.
     *
     * @param folder gets the firmware's variables
     * @param serialLog gets the serial console's output
     */
    static List<String> of(Path folder, Path serialLog, BootMedium medium, Hardware hardware) throws IOException {
        QemuCommand command = new QemuCommand(folder);
        command.add("-machine q35,accel=tcg -cpu " + CPU);
        // One processor each: a lab has two machines on few cores, and more would only add waits.
        command.add("-smp 1 -nodefaults -no-reboot -display none -vga std");
        command.add("-chardev null,id=agent -device virtio-serial-pci");
        command.add("-device virtserialport,chardev=agent,name=org.qemu.guest_agent.0");
        command.add("-chardev stdio,id=control,signal=off");
        command.add("-device virtserialport,chardev=control,name=dev.talosforge.control.0");
        command.add("-m " + hardware.memoryMegabytes());
        command.add("-serial", "file:" + escaped(serialLog));
        for (int i = 0; i < hardware.nics().size(); i++) {
            command.nic("net" + i, hardware.nics().get(i));
        }
        command.drive(hardware.drive());
        command.medium(medium);
        return List.copyOf(command.words);
    }

    private void nic(String id, Nic nic) {
        switch (nic.link()) {
            case Nic.CableEnd end ->
                add(
                        "-netdev",
                        "socket,id=%s,udp=127.0.0.1:%d,localaddr=127.0.0.1:%d"
                                .formatted(id, end.otherPort(), end.ownPort()));
            case Nic.Isolated isolated -> {
                StringBuilder network = new StringBuilder("user,id=" + id + ",restrict=on");
                for (Nic.Forward forward : isolated.forwards()) {
                    network.append(",hostfwd=tcp:127.0.0.1:")
                            .append(forward.hostPort())
                            .append("-10.0.2.15:")
                            .append(forward.machinePort());
                }
                add("-netdev", network.toString());
            }
        }
        add("-device", "virtio-net-pci,netdev=%s,mac=%s,romfile=".formatted(id, nic.mac()));
    }

    private void drive(@Nullable Path image) {
        if (image != null) {
            add("-device virtio-scsi-pci");
            add("-drive", "if=none,id=drive,media=cdrom,readonly=on,format=raw,file=" + escaped(image));
            add("-device scsi-cd,drive=drive");
        }
    }

    private void medium(BootMedium medium) throws IOException {
        switch (medium) {
            case BootMedium.Iso iso -> {
                firmware(iso.firmware());
                add("-drive", "if=none,id=cd,media=cdrom,readonly=on,format=raw,file=" + escaped(iso.file()));
                add("-device ide-cd,drive=cd,bootindex=0");
            }
            case BootMedium.Disk disk -> {
                firmware(disk.firmware());
                add("-drive", "if=none,id=disk,snapshot=on,format=raw,file=" + escaped(disk.file()));
                add("-device ide-hd,drive=disk,bootindex=0");
            }
            case BootMedium.Uki uki -> {
                firmware(Firmware.UEFI);
                add("-drive", "if=none,id=esp,format=raw,file=fat:" + escaped(systemPartition(uki)));
                add("-device ide-hd,drive=esp,bootindex=0");
            }
            case BootMedium.Kernel kernel -> {
                add("-kernel", kernel.kernel().toAbsolutePath().toString());
                add("-initrd", kernel.initramfs().toAbsolutePath().toString());
                add("-append", kernel.arguments());
            }
        }
    }

    private void firmware(Firmware firmware) throws IOException {
        if (firmware == Firmware.BIOS) {
            return;
        }
        Path code = OVMF.resolve("OVMF_CODE_4M.fd");
        Path variables = OVMF.resolve("OVMF_VARS_4M.fd");
        if (!Files.isReadable(code) || !Files.isReadable(variables)) {
            throw new BuildException(Problem.failed(Problem.Kind.ENVIRONMENT, "cannot boot by UEFI")
                    .because("there is no firmware at " + code)
                    .trying("apt-get install ovmf"));
        }
        Path own = folder.resolve("variables.fd");
        Files.copy(variables, own, StandardCopyOption.REPLACE_EXISTING);
        add("-drive", "if=pflash,format=raw,readonly=on,file=" + code);
        add("-drive", "if=pflash,format=raw,file=" + escaped(own));
    }

    /** A folder that QEMU presents to the machine as a FAT partition. */
    private Path systemPartition(BootMedium.Uki uki) throws IOException {
        Path root = folder.resolve("esp");
        Path boot = root.resolve("EFI/BOOT/BOOTX64.EFI");
        Files.createDirectories(boot.getParent());
        Files.copy(uki.file(), boot, StandardCopyOption.REPLACE_EXISTING);
        return root;
    }

    private void add(String spaced) {
        words.addAll(List.of(spaced.split(" ")));
    }

    private void add(String option, String value) {
        words.add(option);
        words.add(value);
    }

    /** QEMU takes a comma as the end of a value unless it is doubled. */
    private static String escaped(Path path) {
        return path.toAbsolutePath().toString().replace(",", ",,");
    }
}
