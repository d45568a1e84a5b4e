package dev.talosforge.lab;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a machine consists of.
 *
 * @param memoryMegabytes must hold kernel, initramfs and its unpacked files
 * @param nics in the order in which the machine numbers them: {@code eth0}, {@code eth1}
 * @param drive an image for a second CD drive, as {@link CloudInitDrive} writes; or null
 */
public record Hardware(
        int memoryMegabytes, List<Nic> nics, @Nullable Path drive) {
    public Hardware {
        nics = List.copyOf(nics);
    }

    /** One network card, on an isolated network. */
    public static Hardware of(int memoryMegabytes) {
        return new Hardware(memoryMegabytes, List.of(new Nic("52:54:00:00:00:01", new Nic.Isolated(List.of()))), null);
    }

    /** The same with other network cards. */
    public Hardware withNics(List<Nic> cards) {
        return new Hardware(memoryMegabytes, cards, drive);
    }

    /** The same with another drive. */
    public Hardware withDrive(@Nullable Path image) {
        return new Hardware(memoryMegabytes, nics, image);
    }
}
