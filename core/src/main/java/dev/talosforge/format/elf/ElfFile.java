package dev.talosforge.format.elf;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FieldReader;
import dev.talosforge.bytes.FormatException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an ELF program or library says about the machine and the files it needs.
 *
 * <p>Specification: System V ABI, chapters 4 and 5. Only little-endian 64-bit programs are read in full; for others
 * only the machine is known.
 *
 * @param machine EM_* in {@code e_machine}
 * @param type ET_* in {@code e_type}: {@link #EXECUTABLE} or {@link #SHARED} may be started
 * @param readable whether it is 64-bit and little-endian, so that the rest is known
 * @param interpreter from PT_INTERP; null if it is linked statically
 * @param needed names of libraries, in order (DT_NEEDED)
 * @param libraryPath where those are searched for first (DT_RPATH, DT_RUNPATH), unchanged
 */
public record ElfFile(
        int machine,
        int type,
        boolean readable,
        @Nullable String interpreter,
        List<String> needed,
        List<String> libraryPath) {
    public static final int EXECUTABLE = 2;
    public static final int SHARED = 3;

    private static final byte[] MAGIC = {0x7f, 'E', 'L', 'F'};
    private static final int HEADER_SIZE = 64;
    private static final int PROGRAM_HEADER_SIZE = 56;
    private static final int CLASS_64 = 2;
    private static final int LITTLE_ENDIAN = 1;
    private static final int MAX_PROGRAM_HEADERS = 256;
    private static final int MAX_DYNAMIC_SIZE = 1 << 20;
    private static final int MAX_NAME = 4096;
    private static final int MAX_NEEDED = 1000;

    private static final long PT_LOAD = 1;
    private static final long PT_DYNAMIC = 2;
    private static final long PT_INTERP = 3;
    private static final long DT_NULL = 0;
    private static final long DT_NEEDED = 1;
    private static final long DT_STRTAB = 5;
    private static final long DT_RPATH = 15;
    private static final long DT_RUNPATH = 29;

    public ElfFile {
        needed = List.copyOf(needed);
        libraryPath = List.copyOf(libraryPath);
    }

    /** Whether a file that starts like this is meant to be an ELF file. */
    public static boolean hasMagic(byte[] start) {
        return start.length >= MAGIC.length && Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    }

    /** What the file header says about the rest. */
    private record Header(int bits, int order, int type, int machine, long programHeaders, int count) {}

    /** A mapping of file bytes to memory. */
    private record Segment(long type, long offset, long address, long fileSize) {}

    public static ElfFile read(ByteSource file) throws IOException {
        Header header = header(file);
        if (header.bits() != CLASS_64 || header.order() != LITTLE_ENDIAN) {
            return new ElfFile(header.machine(), header.type(), false, null, List.of(), List.of());
        }
        List<Segment> segments = segments(file, header);
        String interpreter = null;
        List<String> needed = new ArrayList<>();
        List<String> path = new ArrayList<>();
        for (Segment segment : segments) {
            if (segment.type() == PT_INTERP) {
                interpreter = text(file, "ELF interpreter", segment.offset(), Math.min(segment.fileSize(), MAX_NAME));
            } else if (segment.type() == PT_DYNAMIC) {
                dynamic(file, segment, segments, needed, path);
            }
        }
        return new ElfFile(header.machine(), header.type(), true, interpreter, needed, path);
    }

    private static Header header(ByteSource file) throws IOException {
        byte[] bytes = file.read("ELF header", 0, HEADER_SIZE);
        if (!hasMagic(bytes)) {
            throw new FormatException("ELF header", 0, "not an ELF file");
        }
        int bits = bytes[4];
        int order = bytes[5];
        FieldReader in = order == LITTLE_ENDIAN
                ? FieldReader.littleEndian("ELF header", bytes, 0)
                : FieldReader.bigEndian("ELF header", bytes, 0);
        in.bytes("e_ident", 16);
        int type = in.u16("e_type");
        int machine = in.u16("e_machine");
        if (bits != CLASS_64) {
            return new Header(bits, order, type, machine, 0, 0);
        }
        in.u32("e_version");
        in.u64("e_entry");
        long programHeaders = in.u64("e_phoff");
        in.u64("e_shoff");
        in.u32("e_flags");
        in.u16("e_ehsize");
        int size = in.u16("e_phentsize");
        int count = in.u16("e_phnum");
        if (count > 0 && size != PROGRAM_HEADER_SIZE) {
            throw new FormatException(
                    "ELF header", 54, "e_phentsize is %d, expected %d".formatted(size, PROGRAM_HEADER_SIZE));
        }
        if (count > MAX_PROGRAM_HEADERS) {
            throw new FormatException(
                    "ELF header", 56, "%d program headers; the limit is %d".formatted(count, MAX_PROGRAM_HEADERS));
        }
        return new Header(bits, order, type, machine, programHeaders, count);
    }

    private static List<Segment> segments(ByteSource file, Header header) throws IOException {
        String structure = "ELF program header";
        byte[] bytes = file.read(structure, header.programHeaders(), header.count() * PROGRAM_HEADER_SIZE);
        FieldReader in = FieldReader.littleEndian(structure, bytes, header.programHeaders());
        List<Segment> segments = new ArrayList<>(header.count());
        for (int i = 0; i < header.count(); i++) {
            long type = in.u32("p_type");
            in.u32("p_flags");
            long offset = in.u64("p_offset");
            long address = in.u64("p_vaddr");
            in.u64("p_paddr");
            long fileSize = in.u64("p_filesz");
            in.u64("p_memsz");
            in.u64("p_align");
            segments.add(new Segment(type, offset, address, fileSize));
        }
        return segments;
    }

    private static void dynamic(
            ByteSource file, Segment dynamic, List<Segment> segments, List<String> needed, List<String> path)
            throws IOException {
        String structure = "ELF dynamic section";
        if (dynamic.fileSize() < 0 || dynamic.fileSize() > MAX_DYNAMIC_SIZE) {
            throw new FormatException(
                    structure,
                    dynamic.offset(),
                    "%d bytes; the limit is %d".formatted(dynamic.fileSize(), MAX_DYNAMIC_SIZE));
        }
        byte[] bytes = file.read(structure, dynamic.offset(), (int) dynamic.fileSize());
        FieldReader in = FieldReader.littleEndian(structure, bytes, dynamic.offset());
        List<Long> names = new ArrayList<>();
        List<Long> paths = new ArrayList<>();
        long table = -1;
        while (in.remaining() > 0) {
            long tag = in.u64("d_tag");
            long value = in.u64("d_val");
            if (tag == DT_NULL) {
                break;
            } else if (tag == DT_STRTAB) {
                table = value;
            } else if (tag == DT_NEEDED && names.size() < MAX_NEEDED) {
                names.add(value);
            } else if ((tag == DT_RPATH || tag == DT_RUNPATH) && paths.size() < MAX_NEEDED) {
                paths.add(value);
            }
        }
        if (names.isEmpty() && paths.isEmpty()) {
            return;
        }
        long start = offsetOf(table, segments);
        for (long name : names) {
            needed.add(text(file, "ELF string table", start + name, MAX_NAME));
        }
        for (long one : paths) {
            path.addAll(List.of(
                    text(file, "ELF string table", start + one, MAX_NAME).split(":", -1)));
        }
    }

    private static long offsetOf(long address, List<Segment> segments) throws FormatException {
        for (Segment segment : segments) {
            long inside = address - segment.address();
            if (segment.type() == PT_LOAD && inside >= 0 && inside < segment.fileSize()) {
                return segment.offset() + inside;
            }
        }
        throw new FormatException("ELF dynamic section", 0, "the string table (DT_STRTAB) is not in the file");
    }

    /** Up to the first NUL. */
    private static String text(ByteSource file, String structure, long offset, long limit) throws IOException {
        if (offset < 0 || offset >= file.size()) {
            throw new FormatException(structure, offset, "the file ends at %d".formatted(file.size()));
        }
        byte[] bytes = file.read(structure, offset, (int) Math.max(0, Math.min(limit, file.size() - offset)));
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, 0, end, ISO_8859_1);
    }
}
