package dev.talosforge.format.pe;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.LimitException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Builds a unified kernel image by appending sections to a boot stub.
 *
 * <pre>
 *   0x00   the stub's DOS header, e_lfanew = 0x80; zeros up to 0x80
 *   0x80   "PE\0\0", COFF header, optional header, section table, zeros up to FileAlignment
 *   ...    the stub's sections, then the new ones, back to back, each padded to FileAlignment
 * </pre>
 *
 * <p>The stub's sections keep their addresses. A new one starts at the end of the previous one, rounded up to
 * SectionAlignment, with its exact size as VirtualSize. No content is copied: the image is a view of the stub and of
 * the sections' sources.
 */
public final class UkiAssembler {
    private static final int PE_OFFSET = 0x80;
    private static final int LFANEW = 0x3c;
    private static final long MAX_OFFSET = 0xffff_ffffL;

    private final PeImage stub;
    private final int fileAlignment;
    private final long timestamp;

    /** A section to append: its name, at most eight characters, and its content. */
    public record NewSection(String name, ByteSource content) {
        public NewSection {
            if (name.isEmpty() || name.length() > PeSection.NAME_SIZE) {
                throw new IllegalArgumentException("a PE section name must have one to eight characters: " + name);
            }
        }
    }

    private UkiAssembler(PeImage stub, int fileAlignment, long timestamp) {
        this.stub = stub;
        this.fileAlignment = fileAlignment;
        this.timestamp = timestamp;
    }

    /**
     * Returns the stub with the sections appended in the given order.
     *
     * @param fileAlignment in bytes: 512, or 2048 so that an ISO can point at a section's blocks
     * @param timestamp seconds since the epoch; the header keeps the low 32 bits
     */
    public static PeImage assemble(PeImage stub, List<NewSection> sections, int fileAlignment, long timestamp)
            throws IOException {
        if (fileAlignment != 512 && fileAlignment != 2048) {
            throw new IllegalArgumentException("file alignment must be 512 or 2048 bytes: " + fileAlignment);
        }
        checkStub(stub);
        return new UkiAssembler(stub, fileAlignment, timestamp & MAX_OFFSET).image(sections);
    }

    private static void checkStub(PeImage stub) throws FormatException {
        if (stub.hasSymbols()) {
            throw unsupported("COFF symbols are not supported");
        }
        List<OptionalHeader.DataDirectory> directories = stub.optional().directories();
        if (directories.size() > OptionalHeader.CERTIFICATE_TABLE
                && directories.get(OptionalHeader.CERTIFICATE_TABLE).size() != 0) {
            throw unsupported("it is signed, and new sections would invalidate the signature");
        }
        long alignment = stub.optional().fields().sectionAlignment();
        if (Long.bitCount(alignment) != 1) {
            throw new FormatException(PeImage.STRUCTURE, 0, "bad PE file: SectionAlignment is %d".formatted(alignment));
        }
    }

    private static FormatException unsupported(String why) {
        return new FormatException(PeImage.STRUCTURE, 0, "unsupported PE file: " + why);
    }

    private PeImage image(List<NewSection> added) throws IOException {
        int count = stub.sections().size() + added.size();
        if (count > PeImage.MAX_SECTIONS) {
            throw new LimitException(
                    "PE image", "section table", "%d sections; the limit is %d".formatted(count, PeImage.MAX_SECTIONS));
        }
        long headers = roundUp(
                PE_OFFSET
                        + PeImage.SIGNATURE_SIZE
                        + CoffHeader.SIZE
                        + stub.optional().size()
                        + (long) count * PeSection.SIZE,
                fileAlignment);
        List<PeSection> sections = layOut(added, headers);
        OptionalHeader optional = optionalHeader(sections, headers);
        CoffHeader coff = new CoffHeader(
                stub.coff().machine(),
                count,
                timestamp,
                0,
                0,
                optional.size(),
                stub.coff().characteristics());
        List<ByteSource> parts = new ArrayList<>();
        parts.add(ByteSource.of(headerBytes(coff, optional, sections, headers)));
        for (int i = 0; i < sections.size(); i++) {
            int old = stub.sections().size();
            ByteSource content = i < old
                    ? rawData(stub.sections().get(i))
                    : added.get(i - old).content();
            parts.add(content);
            parts.add(ByteSource.zeros(sections.get(i).rawSize() - content.size()));
        }
        return new PeImage(ByteSource.concat(parts), coff, optional, sections);
    }

    private ByteSource rawData(PeSection section) {
        return section.rawSize() == 0 ? ByteSource.empty() : stub.bytes().slice(section.rawOffset(), section.rawSize());
    }

    private List<PeSection> layOut(List<NewSection> added, long headers) throws LimitException {
        long alignment = stub.optional().fields().sectionAlignment();
        List<PeSection> sections = new ArrayList<>();
        long offset = headers;
        long end = 0;
        for (PeSection section : stub.sections()) {
            long size = roundUp(section.rawSize(), fileAlignment);
            sections.add(new PeSection(
                    section.name(),
                    section.virtualSize(),
                    section.virtualAddress(),
                    size,
                    offset,
                    section.characteristics()));
            offset += size;
            end = section.virtualAddress() + section.virtualSize();
        }
        for (NewSection section : added) {
            long address = roundUp(end, alignment);
            long size = section.content().size();
            long padded = roundUp(size, fileAlignment);
            end = address + size;
            if (size > MAX_OFFSET || offset + padded > MAX_OFFSET || roundUp(end, alignment) > MAX_OFFSET) {
                throw new LimitException(
                        "PE image",
                        section.name(),
                        "%d bytes at %d, but the format ends at %d".formatted(size, offset, MAX_OFFSET));
            }
            sections.add(new PeSection(section.name(), size, address, padded, offset, PeSection.READ_ONLY_DATA));
            offset += padded;
        }
        return sections;
    }

    private OptionalHeader optionalHeader(List<PeSection> sections, long headers) {
        OptionalHeader.Fields old = stub.optional().fields();
        long code = 0;
        long initialized = 0;
        for (PeSection section : sections) {
            if (section.isInitializedData()) {
                initialized += section.rawSize();
            } else {
                code += section.rawSize();
            }
        }
        PeSection last = sections.getLast();
        return new OptionalHeader(
                new OptionalHeader.Fields(
                        0,
                        0,
                        code,
                        initialized,
                        old.sizeOfUninitializedData(),
                        old.entryPoint(),
                        old.baseOfCode(),
                        old.imageBase(),
                        old.sectionAlignment(),
                        fileAlignment,
                        old.versions(),
                        old.win32Version(),
                        roundUp(last.virtualAddress() + last.virtualSize(), old.sectionAlignment()),
                        headers,
                        0,
                        old.subsystem(),
                        old.dllCharacteristics(),
                        old.stackAndHeap(),
                        old.loaderFlags()),
                stub.optional().directories());
    }

    private byte[] headerBytes(CoffHeader coff, OptionalHeader optional, List<PeSection> sections, long size)
            throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(stub.bytes().read("DOS header", 0, LFANEW));
        out.write(new byte[] {(byte) PE_OFFSET, 0, 0, 0});
        out.write(new byte[PE_OFFSET - PeImage.DOS_HEADER_SIZE]);
        out.write("PE\0\0".getBytes(StandardCharsets.US_ASCII));
        out.write(coff.encode().toBytes());
        out.write(optional.encode().toBytes());
        for (PeSection section : sections) {
            out.write(section.encode().toBytes());
        }
        out.write(new byte[Math.toIntExact(size) - out.size()]);
        return out.toByteArray();
    }

    private static long roundUp(long value, long boundary) {
        return (value + boundary - 1) & -boundary;
    }
}
