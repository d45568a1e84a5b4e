package dev.talosforge.talos.kernel;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FieldReader;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.format.pe.PeImage;
import dev.talosforge.talos.Architecture;
import java.io.IOException;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A Linux kernel that UEFI firmware can start.
 *
 * <p>Specification: Linux {@code Documentation/arch/x86/boot.rst} and {@code Documentation/arch/arm64/booting.rst}.
 *
 * @param version such as {@code 6.12.57-talos}; null if the file does not say it, such as a compressed one for
 *     arm64
 */
public record KernelFile(
        Architecture architecture, @Nullable String version) {
    private static final String STRUCTURE = "Linux kernel";
    private static final int SETUP_SECTS = 0x1f1;
    private static final int HEADER_END = 0x210;
    private static final int SECTOR = 0x200;
    private static final int MAX_VERSION = 256;

    /** Bytes searched at once; what starts in one piece may end in the next. */
    private static final int SEARCHED = 1 << 20;

    /** {@code linux_banner} of {@code init/version.c}: after the version, the builder is in brackets. */
    private static final Pattern BANNER = Pattern.compile("Linux version (\\d[!-~]{0,127}) \\(");

    /** "HdrS" as a little-endian number. */
    private static final long MAGIC = 0x53726448L;

    /** Rejects what is not a kernel, or is one for another machine. */
    public static KernelFile read(ByteSource file, Architecture architecture) throws IOException {
        if (!PeImage.isPe(file)) {
            throw new FormatException(STRUCTURE, 0, "not a kernel that UEFI can start: not a PE file");
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
            case ARM64 -> new KernelFile(architecture, bannerVersion(file));
        };
    }

    /** What an uncompressed kernel prints when it starts: its header on arm64 has no version. */
    private static @Nullable String bannerVersion(ByteSource file) throws IOException {
        for (long at = 0; at < file.size(); at += SEARCHED) {
            int length = (int) Math.min(SEARCHED + MAX_VERSION, file.size() - at);
            Matcher banner = BANNER.matcher(new String(file.read(STRUCTURE, at, length), ISO_8859_1));
            if (banner.find()) {
                return banner.group(1);
            }
        }
        return null;
    }

    /** The kernel's own version, from the header of a bzImage. */
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
