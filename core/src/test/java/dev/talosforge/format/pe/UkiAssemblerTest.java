package dev.talosforge.format.pe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.LimitException;
import dev.talosforge.support.BrokenInput;
import dev.talosforge.support.DocumentedLayout;
import dev.talosforge.testkit.FakeTalos;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class UkiAssemblerTest {
    private static final byte[] TALOS = "Talos".getBytes(UTF_8);

    private static PeImage stub() throws Exception {
        return PeImage.read(ByteSource.of(PeSamples.stub()));
    }

    private static List<String> rows(PeImage image) {
        return image.sections().stream()
                .map(s -> "%s 0x%x 0x%x 0x%x 0x%x"
                        .formatted(s.name(), s.virtualSize(), s.virtualAddress(), s.rawSize(), s.rawOffset()))
                .toList();
    }

    private static byte[] all(PeImage image) throws Exception {
        return image.bytes().readAll("uki", 1 << 24);
    }

    /** The numbers that Talos' own assembler gives for these sections. */
    @Test
    void laysOutAsTheReferenceDoes() throws Exception {
        PeImage uki = UkiAssembler.assemble(
                stub(), PeSamples.sections(".uname", TALOS, ".linux", new byte[4 << 20]), 512, 1609459200L);
        assertEquals(
                List.of(
                        ".text 0x10209 0x1000 0x10400 0x400",
                        ".rodata 0x4ed8 0x12000 0x5000 0x10800",
                        ".data 0xf0 0x17000 0x200 0x15800",
                        ".sbat 0xf1 0x18000 0x200 0x15a00",
                        ".sdmagic 0x2d 0x19000 0x200 0x15c00",
                        ".reloc 0x94 0x1a000 0x200 0x15e00",
                        ".uname 0x5 0x1b000 0x200 0x16000",
                        ".linux 0x400000 0x1c000 0x400000 0x16200"),
                rows(uki));
        OptionalHeader.Fields fields =
                PeImage.read(ByteSource.of(all(uki))).optional().fields();
        assertEquals(0x10400, fields.sizeOfCode());
        assertEquals(0x405a00, fields.sizeOfInitializedData());
        assertEquals(0x41c000, fields.sizeOfImage());
        assertEquals(0x400, fields.sizeOfHeaders());
        assertEquals(0, fields.checksum());
        assertEquals(0, fields.linkerMajor());
        assertEquals(4284928, uki.bytes().size());
        assertEquals(1609459200L, uki.timestamp());
    }

    @Test
    void sectionsComeBackAsTheyWentIn() throws Exception {
        byte[] large = new byte[5000];
        Arrays.fill(large, (byte) 7);
        for (int alignment : new int[] {512, 2048}) {
            PeImage uki = UkiAssembler.assemble(
                    stub(), PeSamples.sections(".uname", TALOS, ".empty", new byte[0], ".linux", large), alignment, 0);
            PeImage read = PeImage.read(ByteSource.of(all(uki)));
            assertEquals(uki.sections(), read.sections());
            assertEquals(alignment, read.fileAlignment());
            assertArrayEquals(large, content(read, ".linux"));
            assertArrayEquals(TALOS, content(read, ".uname"));
            assertArrayEquals(new byte[0], content(read, ".empty"));
            assertArrayEquals(content(stub(), ".text"), content(read, ".text"));
            for (PeSection section : read.sections()) {
                assertEquals(0, section.rawOffset() % alignment, section.name());
                assertEquals(0, section.rawSize() % alignment, section.name());
            }
            assertEquals(0, read.optional().fields().sizeOfHeaders() % alignment);
        }
    }

    private static byte[] content(PeImage image, String name) throws Exception {
        return image.content(Objects.requireNonNull(image.section(name))).readAll(name, 1 << 24);
    }

    @Test
    void refusesSymbolsUnlessTheyAreDropped() throws Exception {
        CoffHeader coff = new CoffHeader(0x8664, PeSamples.SECTIONS.size(), 0, 0x15e00, 3, 240, 0x206);
        PeImage stub = PeImage.read(ByteSource.of(PeSamples.file(coff, PeSamples.OPTIONAL)));
        assertTrue(stub.hasSymbols());
        FormatException failure =
                assertThrows(FormatException.class, () -> UkiAssembler.assemble(stub, List.of(), 512, 0));
        assertEquals(
                "PE image at offset 0 (0x0): unsupported PE file: COFF symbols are not supported",
                failure.getMessage());
        PeImage uki = UkiAssembler.assemble(stub.withoutSymbols(), List.of(), 512, 0);
        assertFalse(PeImage.read(ByteSource.of(all(uki))).hasSymbols());
    }

    @Test
    void refusesASignedStub() throws Exception {
        List<OptionalHeader.DataDirectory> directories = new ArrayList<>(PeSamples.OPTIONAL.directories());
        directories.set(4, new OptionalHeader.DataDirectory(0x15e00, 8));
        PeImage stub = PeImage.read(ByteSource.of(
                PeSamples.file(PeSamples.COFF, new OptionalHeader(PeSamples.OPTIONAL.fields(), directories))));
        FormatException failure =
                assertThrows(FormatException.class, () -> UkiAssembler.assemble(stub, List.of(), 512, 0));
        assertEquals(
                "PE image at offset 0 (0x0): unsupported PE file: it is signed, and new sections would invalidate the signature",
                failure.getMessage());
    }

    @Test
    void refusesMoreThanTheFormatHolds() throws Exception {
        PeImage stub = stub();
        LimitException failure = assertThrows(
                LimitException.class,
                () -> UkiAssembler.assemble(
                        stub, List.of(new UkiAssembler.NewSection(".initrd", ByteSource.zeros(0xffff_f000L))), 512, 0));
        assertEquals(
                "PE image: .initrd: 4294963200 bytes at 90112, but the format ends at 4294967295",
                failure.getMessage());
    }

    @Test
    void saysWhetherItIsNotABadOrAnUnsupportedPeFile() {
        assertEquals(
                "PE image at offset 0 (0x0): not a PE file: no MZ header that points to a PE signature",
                failure(new byte[100]));
        byte[] pe32 = PeSamples.stub();
        pe32[0x78 + 24 + 1] = 1;
        assertEquals(
                "PE image at offset 144 (0x90): unsupported PE file: PE32; only PE32+ is supported", failure(pe32));
        assertEquals(
                "PE image at offset 384 (0x180): bad PE file: section .text ends at 67584, but the file at 4096",
                failure(Arrays.copyOf(PeSamples.stub(), 4096)));
        assertEquals(
                "bad PE file at offset 144 (0x90): needs 240 bytes, but the file ends at 200",
                failure(Arrays.copyOf(PeSamples.stub(), 200)));
    }

    private static String failure(byte[] bytes) {
        return String.valueOf(assertThrows(FormatException.class, () -> PeImage.read(ByteSource.of(bytes)))
                .getMessage());
    }

    @Test
    void brokenFilesEndInAFormatException() {
        BrokenInput.feed(PeSamples.stub(), 61, 0x400, source -> {
            PeImage image = PeImage.read(source);
            for (PeSection section : image.sections()) {
                image.content(section).open().close();
            }
            PeImage uki = UkiAssembler.assemble(image, PeSamples.sections(".uname", TALOS), 2048, 0);
            uki.bytes().open().close();
        });
    }

    @Test
    void documentedLayoutsAreTheRealOnes() throws Exception {
        assertEquals(
                DocumentedLayout.of("pe", "COFF header"),
                PeSamples.COFF.encode().layout());
        assertEquals(
                DocumentedLayout.of("pe", "Optional header"),
                PeSamples.OPTIONAL.encode().layout());
        assertEquals(
                DocumentedLayout.of("pe", "Section header"),
                PeSamples.SECTIONS.getFirst().encode().layout());
    }

    /** The testkit's programs are made without this package. */
    @Test
    void theTestkitsStubIsThisOne() {
        assertArrayEquals(PeSamples.stub(), FakeTalos.program(FakeTalos.Cpu.AMD64));
    }
}
