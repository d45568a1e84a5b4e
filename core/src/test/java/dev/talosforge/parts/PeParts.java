package dev.talosforge.parts;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FieldReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A PE file field by field and section by section, read anew and apart from the product's own reader.
 *
 * <p>Specification: Microsoft, "PE Format"; little-endian.
 */
final class PeParts {
    private static final String NAME = "PE file";
    private static final int HEADERS = 4096;
    private static final int LFANEW = 0x3c;
    private static final int COFF = 20;
    private static final int SECTION = 40;

    /** Of the optional header of a PE32+ file: name, and size in bytes. */
    private static final List<String> FIELDS = List.of(
            "Magic 2",
            "MajorLinkerVersion 1",
            "MinorLinkerVersion 1",
            "SizeOfCode 4",
            "SizeOfInitializedData 4",
            "SizeOfUninitializedData 4",
            "AddressOfEntryPoint 4",
            "BaseOfCode 4",
            "ImageBase 8",
            "SectionAlignment 4",
            "FileAlignment 4",
            "MajorOperatingSystemVersion 2",
            "MinorOperatingSystemVersion 2",
            "MajorImageVersion 2",
            "MinorImageVersion 2",
            "MajorSubsystemVersion 2",
            "MinorSubsystemVersion 2",
            "Win32VersionValue 4",
            "SizeOfImage 4",
            "SizeOfHeaders 4",
            "CheckSum 4",
            "Subsystem 2",
            "DllCharacteristics 2",
            "SizeOfStackReserve 8",
            "SizeOfStackCommit 8",
            "SizeOfHeapReserve 8",
            "SizeOfHeapCommit 8",
            "LoaderFlags 4",
            "NumberOfRvaAndSizes 4");

    private PeParts() {}

    /** All of a file, and the contents of its sections by name and number ({@code .cmdline 1}). */
    static SortedMap<String, ByteSource> of(String prefix, ByteSource file, Parts parts) throws IOException {
        byte[] head = file.read(NAME, 0, (int) Math.min(HEADERS, file.size()));
        int coff = Math.toIntExact(FieldReader.littleEndian(NAME, Arrays.copyOfRange(head, LFANEW, LFANEW + 4), LFANEW)
                        .u32("e_lfanew"))
                + 4;
        parts.put(prefix + "/before the signature", parts.content(ByteSource.of(Arrays.copyOf(head, coff))));
        FieldReader in = FieldReader.littleEndian(NAME, Arrays.copyOfRange(head, coff, head.length), coff);
        parts.put(prefix + "/Machine", "0x%x".formatted(in.u16("Machine")));
        int sections = in.u16("NumberOfSections");
        parts.put(prefix + "/TimeDateStamp", in.u32("TimeDateStamp"));
        parts.put(prefix + "/symbols", in.u32("PointerToSymbolTable") + " " + in.u32("NumberOfSymbols"));
        int optional = in.u16("SizeOfOptionalHeader");
        parts.put(prefix + "/Characteristics", "0x%x".formatted(in.u16("Characteristics")));
        optional(prefix, in, parts);
        int table = coff + COFF + optional;
        return sections(
                prefix,
                FieldReader.littleEndian(NAME, Arrays.copyOfRange(head, table, table + sections * SECTION), table),
                new Layout(file, sections),
                parts);
    }

    private record Layout(ByteSource file, int sections) {}

    private static void optional(String prefix, FieldReader in, Parts parts) throws IOException {
        long directories = 0;
        for (String field : FIELDS) {
            String name = field.substring(0, field.indexOf(' '));
            long value = switch (field.charAt(field.length() - 1)) {
                case '1' -> in.u8(name);
                case '2' -> in.u16(name);
                case '4' -> in.u32(name);
                default -> in.u64(name);
            };
            parts.put(prefix + "/" + name, "0x%x".formatted(value));
            directories = value; // the last one says how many follow
        }
        for (int i = 0; i < directories; i++) {
            parts.put(
                    "%s/directory %d".formatted(prefix, i),
                    "0x%x 0x%x".formatted(in.u32("VirtualAddress"), in.u32("Size")));
        }
    }

    private static SortedMap<String, ByteSource> sections(String prefix, FieldReader in, Layout layout, Parts parts)
            throws IOException {
        SortedMap<String, ByteSource> contents = new TreeMap<>();
        List<String> names = new ArrayList<>();
        long end = 0;
        for (int i = 0; i < layout.sections; i++) {
            String name = new String(in.bytes("Name", 8), StandardCharsets.US_ASCII).replace("\0", "");
            long size = in.u32("VirtualSize");
            long address = in.u32("VirtualAddress");
            long raw = in.u32("SizeOfRawData");
            long offset = in.u32("PointerToRawData");
            in.bytes("relocations and line numbers", 12);
            long flags = in.u32("Characteristics");
            names.add(name);
            int number = 1;
            while (contents.containsKey(name + " " + number)) {
                number++;
            }
            ByteSource content = layout.file.slice(offset, Math.min(size, raw));
            String part = "%s/section %s %d".formatted(prefix, name, number);
            contents.put(name + " " + number, content);
            parts.put(part, parts.textOrContent(content));
            parts.put(part + ", flags", "0x%x".formatted(flags));
            parts.put(part + ", raw size", raw >= size ? "at least the content" : raw + " of " + size);
            parts.put(part + ", address", address == (end + 0xfff & ~0xfffL) ? "next page" : "0x%x".formatted(address));
            end = address + size;
        }
        parts.put(prefix + "/sections", String.join(" ", names));
        return contents;
    }
}
