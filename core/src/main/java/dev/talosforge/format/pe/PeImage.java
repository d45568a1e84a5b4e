package dev.talosforge.format.pe;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FieldReader;
import dev.talosforge.bytes.FormatException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A PE32+ image: its headers, and its sections as windows onto the file. Immutable; holds no content.
 *
 * <pre>
 *   0x00       DOS header, "MZ"; at 0x3c the offset of the next line
 *   e_lfanew   "PE\0\0", COFF header, optional header, section table
 *   ...        raw data of the sections
 * </pre>
 *
 * <p>Specification: Microsoft, "PE Format". A {@link FormatException} says which of three it is: <i>not a</i> PE file,
 * a <i>bad</i> one, or an <i>unsupported</i> one.
 */
public final class PeImage {
    static final String STRUCTURE = "PE image";
    static final int DOS_HEADER_SIZE = 0x40;
    static final int SIGNATURE_SIZE = 4;

    /** "PE\0\0" as a little-endian number. */
    static final long SIGNATURE = 0x4550;

    /** The limit of Windows' loader, and more than any unified kernel image needs. */
    static final int MAX_SECTIONS = 96;

    private static final int DOS_MAGIC = 0x5a4d;
    private static final int LFANEW = 0x3c;

    private final ByteSource bytes;
    private final CoffHeader coff;
    private final OptionalHeader optional;
    private final List<PeSection> sections;

    PeImage(ByteSource bytes, CoffHeader coff, OptionalHeader optional, List<PeSection> sections) {
        this.bytes = bytes;
        this.coff = coff;
        this.optional = optional;
        this.sections = List.copyOf(sections);
    }

    /**
     * Whether the file claims to be a PE file: it starts with {@code MZ} and has the signature where its header says.
     */
    public static boolean isPe(ByteSource file) throws IOException {
        if (file.size() < DOS_HEADER_SIZE) {
            return false;
        }
        long at = signatureOffset(file);
        return at >= 0 && at <= file.size() - SIGNATURE_SIZE && u32(file, at) == SIGNATURE;
    }

    /** IMAGE_FILE_MACHINE_* of a file for which {@link #isPe} holds; reads nothing else. */
    public static int machineOf(ByteSource file) throws IOException {
        long at = signatureOffset(file) + SIGNATURE_SIZE;
        return FieldReader.littleEndian("PE COFF header", header(file, at, 2), at)
                .u16("Machine");
    }

    /** Reads the headers and checks that every section lies within the file. */
    public static PeImage read(ByteSource file) throws IOException {
        if (!isPe(file)) {
            throw new FormatException(STRUCTURE, 0, "not a PE file: no MZ header that points to a PE signature");
        }
        long at = signatureOffset(file) + SIGNATURE_SIZE;
        CoffHeader coff = CoffHeader.read(header(file, at, CoffHeader.SIZE), at);
        OptionalHeader optional = optionalHeader(file, at + CoffHeader.SIZE, coff);
        if (coff.sectionCount() > MAX_SECTIONS) {
            throw new FormatException(
                    STRUCTURE,
                    at + 2,
                    "unsupported PE file: %d sections; the limit is %d".formatted(coff.sectionCount(), MAX_SECTIONS));
        }
        long table = at + CoffHeader.SIZE + coff.optionalHeaderSize();
        List<PeSection> sections = new ArrayList<>();
        for (int i = 0; i < coff.sectionCount(); i++) {
            long row = table + (long) i * PeSection.SIZE;
            PeSection section = PeSection.read(header(file, row, PeSection.SIZE), row);
            if (section.rawSize() > 0 && section.rawOffset() > file.size() - section.rawSize()) {
                throw new FormatException(
                        STRUCTURE,
                        row,
                        "bad PE file: section %s ends at %d, but the file at %d"
                                .formatted(section.name(), section.rawOffset() + section.rawSize(), file.size()));
            }
            sections.add(section);
        }
        return new PeImage(file, coff, optional, sections);
    }

    /** The file. */
    public ByteSource bytes() {
        return bytes;
    }

    /** In table order. */
    public List<PeSection> sections() {
        return sections;
    }

    /** The first section with this name, or null. */
    public @Nullable PeSection section(String name) {
        for (PeSection section : sections) {
            if (section.name().equals(name)) {
                return section;
            }
        }
        return null;
    }

    /** A section's content without padding: a window onto the file. */
    public ByteSource content(PeSection section) {
        return section.contentSize() == 0
                ? ByteSource.empty()
                : bytes.slice(section.rawOffset(), section.contentSize());
    }

    /** IMAGE_FILE_MACHINE_*: {@code 0x8664} is amd64, {@code 0xaa64} is arm64. */
    public int machine() {
        return coff.machine();
    }

    /** Alignment of raw data in the file, in bytes. */
    public long fileAlignment() {
        return optional.fields().fileAlignment();
    }

    /** The header's timestamp, in seconds since the epoch. */
    public long timestamp() {
        return coff.timestamp();
    }

    /** Whether it has a COFF symbol table, which is not needed to run it. */
    public boolean hasSymbols() {
        return coff.symbolTable() != 0 || coff.symbolCount() != 0;
    }

    /**
     * The same image without its symbol table, as from {@code strip}. The bytes stay unchanged: only images assembled
     * from it leave the table out.
     */
    public PeImage withoutSymbols() throws FormatException {
        for (PeSection section : sections) {
            if (section.name().startsWith("/")) {
                throw new FormatException(
                        STRUCTURE,
                        0,
                        "unsupported PE file: the name of section %s is in the symbol table".formatted(section.name()));
            }
        }
        CoffHeader stripped = new CoffHeader(
                coff.machine(),
                coff.sectionCount(),
                coff.timestamp(),
                0,
                0,
                coff.optionalHeaderSize(),
                coff.characteristics());
        return new PeImage(bytes, stripped, optional, sections);
    }

    CoffHeader coff() {
        return coff;
    }

    OptionalHeader optional() {
        return optional;
    }

    private static OptionalHeader optionalHeader(ByteSource file, long at, CoffHeader coff) throws IOException {
        if (coff.optionalHeaderSize() < 2) {
            throw new FormatException(STRUCTURE, at, "unsupported PE file: an object file, not an image");
        }
        byte[] bytes = header(file, at, coff.optionalHeaderSize());
        int magic = FieldReader.littleEndian("PE optional header", bytes, at).u16("Magic");
        if (magic == OptionalHeader.MAGIC_PE32) {
            throw new FormatException(STRUCTURE, at, "unsupported PE file: PE32; only PE32+ is supported");
        }
        if (magic != OptionalHeader.MAGIC_PE32_PLUS) {
            throw new FormatException(STRUCTURE, at, "bad PE file: the image's magic is 0x%x".formatted(magic));
        }
        return OptionalHeader.read(bytes, at);
    }

    private static long signatureOffset(ByteSource file) throws IOException {
        FieldReader in = FieldReader.littleEndian("DOS header", file.read("DOS header", 0, DOS_HEADER_SIZE), 0);
        int magic = in.u16("e_magic");
        in.bytes("DOS fields", LFANEW - 2);
        return magic == DOS_MAGIC ? in.u32("e_lfanew") : -1;
    }

    private static long u32(ByteSource file, long at) throws IOException {
        return FieldReader.littleEndian("PE signature", file.read("PE signature", at, SIGNATURE_SIZE), at)
                .u32("Signature");
    }

    private static byte[] header(ByteSource file, long at, int size) throws IOException {
        return file.read("bad PE file", at, size);
    }
}
