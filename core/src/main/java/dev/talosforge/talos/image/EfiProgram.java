package dev.talosforge.talos.image;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.format.pe.PeImage;
import dev.talosforge.talos.Architecture;
import java.io.IOException;

/** Programs of the imager that UEFI starts: the boot loader and the stub. A wrong one would only be noticed at boot. */
public final class EfiProgram {
    private EfiProgram() {}

    /**
     * Reads a program for a machine; anything else is a {@link FormatException}.
     *
     * @param name under which the user finds the file, such as {@code systemd-boot.efi}
     */
    public static PeImage read(String name, ByteSource file, Architecture architecture) throws IOException {
        if (!PeImage.isPe(file)) {
            throw new FormatException(name, 0, "not a UEFI program: not a PE file");
        }
        PeImage program;
        try {
            program = PeImage.read(file);
        } catch (FormatException e) {
            FormatException named = new FormatException(name, 0, String.valueOf(e.getMessage()));
            named.initCause(e);
            throw named;
        }
        if (program.machine() != architecture.peMachine()) {
            throw new FormatException(
                    name,
                    0,
                    "for machine 0x%04x, and %s is 0x%04x"
                            .formatted(program.machine(), architecture.label(), architecture.peMachine()));
        }
        return program;
    }
}
