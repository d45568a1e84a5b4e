package dev.talosforge.format.pe;

import dev.talosforge.bytes.ByteSource;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A stub with the sections of the one that the reference numbers were taken from, filled with zeros. */
final class PeSamples {
    static final List<PeSection> SECTIONS = List.of(
            new PeSection(".text", 0x10209, 0x1000, 0x10400, 0x400, 0x60000020L),
            new PeSection(".rodata", 0x4ed8, 0x12000, 0x5000, 0x10800, PeSection.READ_ONLY_DATA),
            new PeSection(".data", 0xf0, 0x17000, 0x200, 0x15800, 0xc0000040L),
            new PeSection(".sbat", 0xf1, 0x18000, 0x200, 0x15a00, PeSection.READ_ONLY_DATA),
            new PeSection(".sdmagic", 0x2d, 0x19000, 0x200, 0x15c00, PeSection.READ_ONLY_DATA),
            new PeSection(".reloc", 0x94, 0x1a000, 0x200, 0x15e00, 0x42000040L));

    static final CoffHeader COFF = new CoffHeader(0x8664, SECTIONS.size(), 0, 0, 0, 240, 0x206);

    static final OptionalHeader OPTIONAL = new OptionalHeader(
            new OptionalHeader.Fields(
                    2,
                    41,
                    0x10400,
                    0x5a00,
                    0,
                    0x1000,
                    0x1000,
                    0x140000000L,
                    0x1000,
                    0x200,
                    List.of(0, 0, 257, 0, 1, 1),
                    0,
                    0x1b000,
                    0x400,
                    12345,
                    10,
                    0x160,
                    List.of(0x100000L, 0x1000L, 0x100000L, 0x1000L),
                    0),
            Collections.nCopies(16, new OptionalHeader.DataDirectory(0, 0)));

    private PeSamples() {}

    static byte[] stub() {
        return file(COFF, OPTIONAL);
    }

    static byte[] file(CoffHeader coff, OptionalHeader optional) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] dos = new byte[0x78];
        dos[0] = 'M';
        dos[1] = 'Z';
        dos[0x3c] = 0x78;
        out.writeBytes(dos);
        out.writeBytes(new byte[] {'P', 'E', 0, 0});
        out.writeBytes(coff.encode().toBytes());
        out.writeBytes(optional.encode().toBytes());
        SECTIONS.forEach(section -> out.writeBytes(section.encode().toBytes()));
        out.writeBytes(new byte[0x16000 - out.size()]);
        byte[] bytes = out.toByteArray();
        for (int i = 0x400; i < bytes.length; i++) {
            bytes[i] = (byte) ((i * 31) >>> 3);
        }
        return bytes;
    }

    static List<UkiAssembler.NewSection> sections(Object... namesAndContents) {
        List<UkiAssembler.NewSection> sections = new ArrayList<>();
        for (int i = 0; i < namesAndContents.length; i += 2) {
            sections.add(new UkiAssembler.NewSection(
                    (String) namesAndContents[i], ByteSource.of((byte[]) namesAndContents[i + 1])));
        }
        return sections;
    }
}
