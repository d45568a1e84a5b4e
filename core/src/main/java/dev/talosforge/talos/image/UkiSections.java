package dev.talosforge.talos.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.LimitException;
import dev.talosforge.format.pe.UkiAssembler.NewSection;
import dev.talosforge.talos.OutputKind;
import dev.talosforge.talos.Quirks;
import dev.talosforge.talos.TalosVersion;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an unsigned unified kernel image consists of.
 *
 * @param commandLine without a newline
 * @param kernelVersion such as {@code 6.12.57-talos}; null leaves it out
 * @param splash a BMP picture; null for none
 */
public record UkiSections(
        TalosVersion version,
        String commandLine,
        @Nullable String kernelVersion,
        @Nullable ByteSource splash,
        ByteSource kernel,
        ByteSource initramfs) {

    /** What remains of 32 bits for kernel and initramfs after a generous share for stub, texts and headers. */
    private static final long MAX_CONTENT = 0xffff_ffffL - (16 << 20);

    /** In the order in which they are appended to the stub; the profile after {@code main} wipes the system disk. */
    public List<NewSection> of(OutputKind kind) throws LimitException {
        long content = kernel.size() + initramfs.size();
        if (content > MAX_CONTENT) {
            throw new LimitException(
                    "unified kernel image",
                    BootFiles.ukiName(version),
                    "kernel and initramfs with its extensions have %d bytes, but UEFI starts at most %d; remove extensions"
                            .formatted(content, MAX_CONTENT));
        }
        List<NewSection> sections = new ArrayList<>();
        sections.add(text(".osrel", BootFiles.osRelease(version)));
        sections.add(text(".cmdline", commandLine));
        if (kernelVersion != null && !kernelVersion.isEmpty()) {
            sections.add(text(".uname", kernelVersion));
        }
        if (splash != null) {
            sections.add(new NewSection(".splash", splash));
        }
        sections.add(new NewSection(".linux", kernel));
        sections.add(new NewSection(".initrd", initramfs));
        if (Quirks.of(version).ukiProfiles()) {
            sections.add(text(".profile", "ID=main"));
            switch (kind) {
                case ISO -> profile(sections, "reset", "Reset system disk", kind);
                case INSTALLER -> profile(sections, "reset-maintenance", "Reset to maintenance mode", kind);
            }
        }
        return List.copyOf(sections);
    }

    private void profile(List<NewSection> sections, String id, String title, OutputKind kind) {
        sections.add(text(".profile", "ID=%s\nTITLE=%s".formatted(id, title)));
        sections.add(text(".cmdline", commandLine + wipe(kind)));
    }

    /** What the boot menu's entry that resets the node adds to the command line. */
    static String wipe(OutputKind kind) {
        return switch (kind) {
            case ISO -> " talos.experimental.wipe=system";
            case INSTALLER -> " talos.experimental.wipe=system:EPHEMERAL,STATE";
        };
    }

    private static NewSection text(String name, String content) {
        return new NewSection(name, ByteSource.of(content.getBytes(UTF_8)));
    }
}
