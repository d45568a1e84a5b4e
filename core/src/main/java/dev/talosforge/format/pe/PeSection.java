package dev.talosforge.format.pe;

import dev.talosforge.bytes.FieldReader;
import dev.talosforge.bytes.FieldWriter;
import dev.talosforge.bytes.FormatException;
import java.nio.charset.StandardCharsets;

/**
 * One row of an image's section table: a part of the file, and where to load it.
 *
 * <p>Specification: PE Format, "Section Table (Section Headers)"; 40 bytes, little-endian.
 *
 * @param name up to eight ASCII characters
 * @param virtualSize bytes in use; for sections of a unified kernel image, the exact size of the content
 * @param virtualAddress bytes from the image base
 * @param rawSize bytes in the file, with padding
 * @param rawOffset bytes from the start of the file
 * @param characteristics flags
 */
public record PeSection(
        String name, long virtualSize, long virtualAddress, long rawSize, long rawOffset, long characteristics) {
    static final int SIZE = 40;
    static final int NAME_SIZE = 8;

    /** IMAGE_SCN_CNT_INITIALIZED_DATA. */
    static final long INITIALIZED_DATA = 0x40;

    /** IMAGE_SCN_MEM_READ and {@link #INITIALIZED_DATA}. */
    static final long READ_ONLY_DATA = 0x40000040L;

    private static final String STRUCTURE = "PE section header";

    static PeSection read(byte[] bytes, long at) throws FormatException {
        FieldReader in = FieldReader.littleEndian(STRUCTURE, bytes, at);
        byte[] padded = in.bytes("Name", NAME_SIZE);
        int length = 0;
        while (length < NAME_SIZE && padded[length] != 0) {
            length++;
        }
        String name = new String(padded, 0, length, StandardCharsets.ISO_8859_1);
        PeSection section = new PeSection(
                name,
                in.u32("VirtualSize"),
                in.u32("VirtualAddress"),
                in.u32("SizeOfRawData"),
                in.u32("PointerToRawData"),
                0);
        in.bytes("Relocations", 12);
        return section.withCharacteristics(in.u32("Characteristics"));
    }

    FieldWriter encode() {
        return FieldWriter.littleEndian(STRUCTURE, SIZE)
                .text("Name", name, NAME_SIZE, '\0')
                .u32("VirtualSize", virtualSize)
                .u32("VirtualAddress", virtualAddress)
                .u32("SizeOfRawData", rawSize)
                .u32("PointerToRawData", rawOffset)
                .u32("PointerToRelocations", 0)
                .u32("PointerToLinenumbers", 0)
                .u16("NumberOfRelocations", 0)
                .u16("NumberOfLinenumbers", 0)
                .u32("Characteristics", characteristics);
    }

    boolean isInitializedData() {
        return (characteristics & INITIALIZED_DATA) != 0;
    }

    /** Bytes of the file that hold content, without padding. */
    public long contentSize() {
        return Math.min(virtualSize, rawSize);
    }

    private PeSection withCharacteristics(long flags) {
        return new PeSection(name, virtualSize, virtualAddress, rawSize, rawOffset, flags);
    }
}
