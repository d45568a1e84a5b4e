package dev.talosforge.format.elf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.support.BrokenInput;
import dev.talosforge.support.DocumentedLayout;
import dev.talosforge.support.SampleElf;
import dev.talosforge.testkit.RequiredTool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ElfFileTest {
    private static final byte[] SAMPLE = SampleElf.of(
            SampleElf.ARM64,
            3,
            "/lib/ld-linux-aarch64.so.1",
            List.of("libc.so.6", "libz.so.1"),
            "$ORIGIN/../lib:/opt/lib");

    private static String refused(byte[] file) {
        return String.valueOf(assertThrows(FormatException.class, () -> ElfFile.read(ByteSource.of(file)))
                .getMessage());
    }

    @Test
    void readsWhatAProgramNeeds() throws Exception {
        assertEquals(
                new ElfFile(
                        183,
                        ElfFile.SHARED,
                        true,
                        "/lib/ld-linux-aarch64.so.1",
                        List.of("libc.so.6", "libz.so.1"),
                        List.of("$ORIGIN/../lib", "/opt/lib")),
                ElfFile.read(ByteSource.of(SAMPLE)));
        assertEquals(
                new ElfFile(62, ElfFile.EXECUTABLE, true, null, List.of(), List.of()),
                ElfFile.read(ByteSource.of(SampleElf.program(SampleElf.AMD64))));
    }

    @Test
    void ofAnotherWidthOrOrderOnlyTheMachineIsRead() throws Exception {
        byte[] narrow = SampleElf.program(40);
        narrow[4] = 1;
        assertEquals(new ElfFile(40, 2, false, null, List.of(), List.of()), ElfFile.read(ByteSource.of(narrow)));
        byte[] other = SampleElf.program(0);
        other[5] = 2;
        other[16] = 0;
        other[17] = 2;
        other[19] = 22;
        other[54] = 0;
        other[55] = 56;
        other[56] = 0;
        other[57] = 0;
        assertEquals(new ElfFile(22, 2, false, null, List.of(), List.of()), ElfFile.read(ByteSource.of(other)));
    }

    @Test
    void reportsWhatIsNoElfFile() {
        assertEquals(
                "ELF header at offset 0 (0x0): needs 64 bytes, but the file ends at 3", refused(new byte[] {1, 2, 3}));
        assertEquals("ELF header at offset 0 (0x0): not an ELF file", refused(new byte[64]));
        byte[] many = SampleElf.header(62, 2, 300).toBytes();
        assertEquals("ELF header at offset 56 (0x38): 300 program headers; the limit is 256", refused(many));
        byte[] odd = SampleElf.program(62);
        odd[54] = 32;
        assertEquals("ELF header at offset 54 (0x36): e_phentsize is 32, expected 56", refused(odd));
        assertFalse(ElfFile.hasMagic("#!/bin/sh".getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
        assertTrue(ElfFile.hasMagic(SAMPLE));
    }

    @Test
    void brokenFilesEndInAnException() {
        BrokenInput.feed(SAMPLE, 1, SAMPLE.length, ElfFile::read);
    }

    @Test
    void documentedLayoutIsTheRealOne() throws Exception {
        assertEquals(
                DocumentedLayout.of("elf", "File header"),
                SampleElf.header(62, 2, 0).layout());
        assertEquals(
                DocumentedLayout.of("elf", "Program header"),
                SampleElf.programHeader(1, 0, 0).layout());
        assertEquals(
                DocumentedLayout.of("elf", "Dynamic entry"),
                SampleElf.dynamic(0, 0).layout());
    }

    /** The field's tool reads the same of programs of this machine. */
    @Tag("reference")
    @Test
    void readsAsReadelfDoes() throws Exception {
        RequiredTool readelf = RequiredTool.named("readelf", "binutils");
        int compared = 0;
        for (String name :
                List.of("/usr/bin/env", "/usr/bin/git", "/usr/bin/readelf", "/usr/bin/perl", "/usr/bin/curl")) {
            Path program = Path.of(name);
            if (!Files.exists(program)) {
                continue;
            }
            String message = readelf.run(
                    program.getParent(),
                    Path.of("/dev/null"),
                    "-W",
                    "-l",
                    "-d",
                    program.toRealPath().toString());
            List<String> needed = all("\\(NEEDED\\)\\s+Shared library: \\[(.*)\\]", message);
            List<String> interpreter = all("Requesting program interpreter: (.*)\\]", message);
            ElfFile read = ElfFile.read(ByteSource.of(program.toRealPath()));
            assertEquals(needed, read.needed(), name);
            assertEquals(interpreter, read.interpreter() == null ? List.of() : List.of(read.interpreter()), name);
            compared++;
        }
        assertTrue(compared > 0, "no program was compared");
    }

    private static List<String> all(String pattern, String text) {
        List<String> found = new ArrayList<>();
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }
}
