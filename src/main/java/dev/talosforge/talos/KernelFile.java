package dev.talosforge.talos;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FieldReader;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.format.pe.PeImage;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A Linux kernel that UEFI firmware can start.
 *
 * <p>Specification: Linux {@code Documentation/arch/x86/boot.rst} and {@code Documentation/arch/arm64/booting.rst}.
 *
 * @param version such as {@code 6.12.57-talos}; null where the file does not say it, as on arm64
 */
public record KernelFile(
        Architecture architecture, @Nullable String version) {
    private static final String STRUCTURE = "Linux kernel";
    private static final int SETUP_SECTS = 0x1f1;
    private static final int HEADER_END = 0x210;
    private static final int SECTOR = 0x200;
    private static final int MAX_VERSION = 256;

    /** "HdrS" as a little-endian number. */
    private static final long MAGIC = 0x53726448L;

    /** Refuses what is not a kernel, or one for another machine. */
    public static KernelFile read(ByteSource file, Architecture architecture) throws IOException {
        if (!PeImage.isPe(file)) {
            throw new FormatException(STRUCTURE, 0, "not a kernel that UEFI can start: it is no PE file");
        }
        int machine = PeImage.machineOf(file);
        if (machine != architecture.peMachine()) {
            throw new FormatException(
                    STRUCTURE,
                    0,
                    "for machine 0x%04x, and %s is 0x%04x"
                            .formatted(machine, architecture.label(), architecture.peMachine()));
        }
        return switch (architecture) {
            case AMD64 -> new KernelFile(architecture, bzImageVersion(file));
            case ARM64 -> new KernelFile(architecture, null);
        };
    }

    /** The kernel's own version, out of the header of a bzImage. */
    static String bzImageVersion(ByteSource file) throws IOException {
        FieldReader in = FieldReader.littleEndian(
                STRUCTURE, file.read(STRUCTURE, SETUP_SECTS, HEADER_END - SETUP_SECTS), SETUP_SECTS);
        int setupSectors = in.u8("setup_sects");
        in.bytes("fields before header", 0x202 - SETUP_SECTS - 1);
        in.expectU32("header", MAGIC);
        in.bytes("fields before kernel_version", 8);
        int pointer = in.u16("kernel_version");
        if (pointer == 0 || pointer > setupSectors * SECTOR) {
            throw new FormatException(
                    STRUCTURE,
                    0x20e,
                    "kernel_version is 0x%x, the setup code has %d sectors".formatted(pointer, setupSectors));
        }
        long at = (long) pointer + SECTOR;
        byte[] bytes = file.read(STRUCTURE, at, (int) Math.max(0, Math.min(MAX_VERSION, file.size() - at)));
        int end = 0;
        while (end < bytes.length && bytes[end] > ' ') {
            end++;
        }
        return new String(Arrays.copyOf(bytes, end), ISO_8859_1);
    }
}
