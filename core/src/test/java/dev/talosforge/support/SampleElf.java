package dev.talosforge.support;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.talosforge.bytes.FieldWriter;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** ELF files of 64 bits, little-endian, that say what they need and do nothing. */
public final class SampleElf {
    public static final int AMD64 = 62;
    public static final int ARM64 = 183;

    private static final int HEADER = 64;
    private static final int PROGRAM_HEADER = 56;
    private static final int DYNAMIC_ENTRY = 16;
    private static final long BASE = 0x400000;

    private SampleElf() {}

    /** A program without libraries. */
    public static byte[] program(int machine) {
        return of(machine, 2, null, List.of(), null);
    }

    /** A library, or a program that needs some. */
    public static byte[] of(
            int machine, int type, @Nullable String interpreter, List<String> needed, @Nullable String runPath) {
        byte[] names = names(interpreter, needed, runPath);
        int count = 2 + (interpreter == null ? 0 : 1);
        int dynamicAt = HEADER + count * PROGRAM_HEADER;
        List<long[]> entries = new ArrayList<>();
        int at = 1 + (interpreter == null ? 0 : interpreter.length() + 1);
        int interpreterAt = 1;
        for (String name : needed) {
            entries.add(new long[] {1, at});
            at += name.length() + 1;
        }
        if (runPath != null) {
            entries.add(new long[] {29, at});
        }
        int namesAt = dynamicAt + (entries.size() + 2) * DYNAMIC_ENTRY;
        entries.add(new long[] {5, BASE + namesAt});
        entries.add(new long[] {0, 0});
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(header(machine, type, count).toBytes());
        int end = namesAt + names.length;
        out.writeBytes(programHeader(1, 0, end).toBytes());
        if (interpreter != null) {
            out.writeBytes(programHeader(3, namesAt + interpreterAt, interpreter.length() + 1)
                    .toBytes());
        }
        out.writeBytes(programHeader(2, dynamicAt, (long) entries.size() * DYNAMIC_ENTRY)
                .toBytes());
        entries.forEach(entry -> out.writeBytes(dynamic(entry[0], entry[1]).toBytes()));
        out.writeBytes(names);
        return out.toByteArray();
    }

    private static byte[] names(@Nullable String interpreter, List<String> needed, @Nullable String runPath) {
        StringBuilder names = new StringBuilder("\0");
        if (interpreter != null) {
            names.append(interpreter).append('\0');
        }
        needed.forEach(name -> names.append(name).append('\0'));
        if (runPath != null) {
            names.append(Objects.requireNonNull(runPath)).append('\0');
        }
        return names.toString().getBytes(US_ASCII);
    }

    public static FieldWriter header(int machine, int type, int programHeaders) {
        return FieldWriter.littleEndian("ELF header", HEADER)
                .bytes("e_ident", new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0})
                .u16("e_type", type)
                .u16("e_machine", machine)
                .u32("e_version", 1)
                .u64("e_entry", BASE)
                .u64("e_phoff", HEADER)
                .u64("e_shoff", 0)
                .u32("e_flags", 0)
                .u16("e_ehsize", HEADER)
                .u16("e_phentsize", PROGRAM_HEADER)
                .u16("e_phnum", programHeaders)
                .u16("e_shentsize", 0)
                .u16("e_shnum", 0)
                .u16("e_shstrndx", 0);
    }

    public static FieldWriter programHeader(long type, long offset, long size) {
        return FieldWriter.littleEndian("ELF program header", PROGRAM_HEADER)
                .u32("p_type", type)
                .u32("p_flags", 5)
                .u64("p_offset", offset)
                .u64("p_vaddr", BASE + offset)
                .u64("p_paddr", BASE + offset)
                .u64("p_filesz", size)
                .u64("p_memsz", size)
                .u64("p_align", 1);
    }

    public static FieldWriter dynamic(long tag, long value) {
        return FieldWriter.littleEndian("ELF dynamic entry", DYNAMIC_ENTRY)
                .u64("d_tag", tag)
                .u64("d_val", value);
    }
}
