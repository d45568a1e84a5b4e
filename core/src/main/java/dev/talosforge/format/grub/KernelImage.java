package dev.talosforge.format.grub;

import dev.talosforge.bytes.FieldReader;
import dev.talosforge.bytes.FormatException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * GRUB's {@code kernel.img}, a statically linked ELF32 program for i386, as laid out in memory.
 *
 * <p>Specification: System V ABI, "ELF Header" and "Section Header"; little-endian.
 */
final class KernelImage {
    /** The address it is linked to run at, in bytes. */
    static final long LINK_ADDRESS = 0x9000;

    private static final int HEADER_SIZE = 52;
    private static final int SECTION_SIZE = 40;
    private static final long ELF_MAGIC = 0x464c457fL;
    private static final int EXECUTABLE = 2;
    private static final int I386 = 3;
    private static final long PROGBITS = 1;
    private static final long ALLOC = 2;

    /** Highest address that the loaded program may reach. */
    private static final long MAX_SIZE = 0x68000 - LINK_ADDRESS;

    private static final String NAME = "GRUB kernel.img";

    private KernelImage() {}

    private record Section(long type, long flags, long address, long offset, long size) {}

    /**
     * The content of all loaded sections at their addresses, with zeros in gaps, up to the end of the last; not
     * rounded.
     */
    static byte[] load(byte[] elf) throws FormatException {
        byte[] image = new byte[0];
        boolean atStart = false;
        for (Section section : sections(elf)) {
            if (section.type != PROGBITS || (section.flags & ALLOC) == 0) {
                continue;
            }
            long start = section.address - LINK_ADDRESS;
            if (start < 0 || section.size > MAX_SIZE || start + section.size > MAX_SIZE) {
                throw new FormatException(
                        NAME,
                        section.offset,
                        "a section of %d bytes at address 0x%x".formatted(section.size, section.address));
            }
            if (section.offset > elf.length - section.size) {
                throw new FormatException(NAME, section.offset, "a section extends beyond the end of the file");
            }
            atStart |= start == 0;
            image = Arrays.copyOf(image, Math.max(image.length, (int) (start + section.size)));
            System.arraycopy(elf, (int) section.offset, image, (int) start, (int) section.size);
        }
        if (!atStart) {
            throw new FormatException(NAME, 0, "no section at address 0x%x".formatted(LINK_ADDRESS));
        }
        return image;
    }

    private static List<Section> sections(byte[] elf) throws FormatException {
        FieldReader in = FieldReader.littleEndian(NAME, elf, 0);
        in.expectU32("e_ident", ELF_MAGIC);
        in.expectU32("e_ident[4..7]", 0x010101); // 32 bits, little-endian, version 1, no particular system
        in.bytes("e_ident[8..15]", 8);
        in.expectU16("e_type", EXECUTABLE);
        in.expectU16("e_machine", I386);
        in.bytes("e_version, e_entry, e_phoff", 12);
        long table = in.u32("e_shoff");
        in.bytes("e_flags to e_phnum", 10);
        in.expectU16("e_shentsize", SECTION_SIZE);
        int count = in.u16("e_shnum");
        if (elf.length < HEADER_SIZE || table > elf.length - (long) count * SECTION_SIZE) {
            throw new FormatException(
                    NAME, 32, "the section table at %d extends beyond the end of the file".formatted(table));
        }
        List<Section> sections = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int at = (int) table + i * SECTION_SIZE;
            FieldReader row = FieldReader.littleEndian(NAME, Arrays.copyOfRange(elf, at, at + SECTION_SIZE), at);
            row.u32("sh_name");
            sections.add(new Section(
                    row.u32("sh_type"),
                    row.u32("sh_flags"),
                    row.u32("sh_addr"),
                    row.u32("sh_offset"),
                    row.u32("sh_size")));
        }
        return sections;
    }
}
