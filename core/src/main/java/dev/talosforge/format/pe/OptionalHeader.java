package dev.talosforge.format.pe;

import dev.talosforge.bytes.FieldReader;
import dev.talosforge.bytes.FieldWriter;
import dev.talosforge.bytes.FormatException;
import java.util.ArrayList;
import java.util.List;

/**
 * The PE32+ "optional" header, which every image has: how to load it and where its tables are.
 *
 * <p>Specification: PE Format, "Optional Header (Image Only)"; little-endian. All sizes and addresses are bytes; an
 * address is relative to the image base.
 *
 * @param fields everything before the data directories, in order
 */
record OptionalHeader(Fields fields, List<DataDirectory> directories) {
    /** Without data directories, in bytes. */
    static final int FIXED_SIZE = 112;

    static final int MAGIC_PE32 = 0x10b;
    static final int MAGIC_PE32_PLUS = 0x20b;
    static final int MAX_DIRECTORIES = 16;

    /** Index of the only directory whose address is a file offset. */
    static final int CERTIFICATE_TABLE = 4;

    private static final String NAME = "PE optional header";

    OptionalHeader {
        directories = List.copyOf(directories);
    }

    /** Position and size of a table; both zero if there is none. */
    record DataDirectory(long address, long size) {}

    /** The fields between the magic and the directories; named in {@link OptionalHeader#encode}. */
    record Fields(
            int linkerMajor,
            int linkerMinor,
            long sizeOfCode,
            long sizeOfInitializedData,
            long sizeOfUninitializedData,
            long entryPoint,
            long baseOfCode,
            long imageBase,
            long sectionAlignment,
            long fileAlignment,
            List<Integer> versions,
            long win32Version,
            long sizeOfImage,
            long sizeOfHeaders,
            long checksum,
            int subsystem,
            int dllCharacteristics,
            List<Long> stackAndHeap,
            long loaderFlags) {
        Fields {
            versions = List.copyOf(versions);
            stackAndHeap = List.copyOf(stackAndHeap);
        }
    }

    int size() {
        return FIXED_SIZE + 8 * directories.size();
    }

    /** Reads a header after its magic was checked. */
    static OptionalHeader read(byte[] bytes, long at) throws FormatException {
        FieldReader in = FieldReader.littleEndian(NAME, bytes, at);
        in.expectU16("Magic", MAGIC_PE32_PLUS);
        Fields fields = new Fields(
                in.u8("MajorLinkerVersion"),
                in.u8("MinorLinkerVersion"),
                in.u32("SizeOfCode"),
                in.u32("SizeOfInitializedData"),
                in.u32("SizeOfUninitializedData"),
                in.u32("AddressOfEntryPoint"),
                in.u32("BaseOfCode"),
                in.u64("ImageBase"),
                in.u32("SectionAlignment"),
                in.u32("FileAlignment"),
                List.of(
                        in.u16("MajorOperatingSystemVersion"),
                        in.u16("MinorOperatingSystemVersion"),
                        in.u16("MajorImageVersion"),
                        in.u16("MinorImageVersion"),
                        in.u16("MajorSubsystemVersion"),
                        in.u16("MinorSubsystemVersion")),
                in.u32("Win32VersionValue"),
                in.u32("SizeOfImage"),
                in.u32("SizeOfHeaders"),
                in.u32("CheckSum"),
                in.u16("Subsystem"),
                in.u16("DllCharacteristics"),
                List.of(
                        in.u64("SizeOfStackReserve"),
                        in.u64("SizeOfStackCommit"),
                        in.u64("SizeOfHeapReserve"),
                        in.u64("SizeOfHeapCommit")),
                in.u32("LoaderFlags"));
        long countAt = in.offset();
        long count = in.u32("NumberOfRvaAndSizes");
        if (count > MAX_DIRECTORIES || FIXED_SIZE + 8 * count != bytes.length) {
            throw new FormatException(
                    NAME,
                    countAt,
                    "bad PE file: %d data directories do not fill a header of %d bytes".formatted(count, bytes.length));
        }
        List<DataDirectory> directories = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            directories.add(new DataDirectory(in.u32("VirtualAddress"), in.u32("Size")));
        }
        return new OptionalHeader(fields, directories);
    }

    FieldWriter encode() {
        FieldWriter out = FieldWriter.littleEndian(NAME, size())
                .u16("Magic", MAGIC_PE32_PLUS)
                .u8("MajorLinkerVersion", fields.linkerMajor)
                .u8("MinorLinkerVersion", fields.linkerMinor)
                .u32("SizeOfCode", fields.sizeOfCode)
                .u32("SizeOfInitializedData", fields.sizeOfInitializedData)
                .u32("SizeOfUninitializedData", fields.sizeOfUninitializedData)
                .u32("AddressOfEntryPoint", fields.entryPoint)
                .u32("BaseOfCode", fields.baseOfCode)
                .u64("ImageBase", fields.imageBase)
                .u32("SectionAlignment", fields.sectionAlignment)
                .u32("FileAlignment", fields.fileAlignment)
                .u16("MajorOperatingSystemVersion", fields.versions.get(0))
                .u16("MinorOperatingSystemVersion", fields.versions.get(1))
                .u16("MajorImageVersion", fields.versions.get(2))
                .u16("MinorImageVersion", fields.versions.get(3))
                .u16("MajorSubsystemVersion", fields.versions.get(4))
                .u16("MinorSubsystemVersion", fields.versions.get(5))
                .u32("Win32VersionValue", fields.win32Version)
                .u32("SizeOfImage", fields.sizeOfImage)
                .u32("SizeOfHeaders", fields.sizeOfHeaders)
                .u32("CheckSum", fields.checksum)
                .u16("Subsystem", fields.subsystem)
                .u16("DllCharacteristics", fields.dllCharacteristics)
                .u64("SizeOfStackReserve", fields.stackAndHeap.get(0))
                .u64("SizeOfStackCommit", fields.stackAndHeap.get(1))
                .u64("SizeOfHeapReserve", fields.stackAndHeap.get(2))
                .u64("SizeOfHeapCommit", fields.stackAndHeap.get(3))
                .u32("LoaderFlags", fields.loaderFlags)
                .u32("NumberOfRvaAndSizes", directories.size());
        for (int i = 0; i < directories.size(); i++) {
            out.u32("DataDirectory_%d_VirtualAddress".formatted(i), directories.get(i).address)
                    .u32("DataDirectory_%d_Size".formatted(i), directories.get(i).size);
        }
        return out;
    }
}
