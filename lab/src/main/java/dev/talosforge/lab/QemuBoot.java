package dev.talosforge.lab;

import dev.talosforge.debian.HostCommand;
import dev.talosforge.process.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Boots an image in QEMU and reads on the serial console what started. Hardware virtualisation is not used: it is often
 * present but broken, and ten seconds are good enough.
 */
public final class QemuBoot {
    private final Path folder;
    private final InstantSource clock;
    private final Hardware hardware;

    /**
     * A machine to boot in.
     *
     * @param folder gets {@code serial.log} and the firmware's variables; created if missing
     */
    public QemuBoot(Path folder, InstantSource clock, Hardware hardware) {
        this.folder = folder.toAbsolutePath().normalize();
        this.clock = clock;
        this.hardware = hardware;
    }

    /** The console's output; kept after the boot. */
    public Path serialLog() {
        return folder.resolve("serial.log");
    }

    /**
     * Boots and waits until the image reports that it is ready. An image that fails, or reports nothing within
     * {@code limit}, is a {@link dev.talosforge.problem.BuildException} with the last lines of the console.
     */
    public BootReport boot(BootMedium medium, Duration limit) throws IOException {
        try (Machine machine = start(medium)) {
            return machine.awaitReady(limit);
        }
    }

    /** Switches the machine on. Whoever starts it also ends it. */
    public Machine start(BootMedium medium) throws IOException {
        Files.createDirectories(folder);
        Files.deleteIfExists(serialLog());
        Files.createFile(serialLog());
        Path errors = folder.resolve("qemu.log");
        Program qemu = Program.inheriting(QemuCommand.of(folder, serialLog(), medium, hardware), folder);
        return new Machine(medium.title(), () -> started(medium, qemu, errors), serialLog(), errors, clock);
    }

    private static Process started(BootMedium medium, Program qemu, Path errors) {
        try {
            return qemu.converse(errors);
        } catch (Program.CannotStart e) {
            throw HostCommand.cannotStart(
                    "cannot boot " + medium.title(),
                    "apt-get install qemu-system-x86",
                    qemu.command().getFirst(),
                    e);
        }
    }
}
