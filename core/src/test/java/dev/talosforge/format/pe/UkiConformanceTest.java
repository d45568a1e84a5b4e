package dev.talosforge.format.pe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.testkit.RequiredTool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real stub, with sections appended by us and by objcopy; read and signed by the field's tools. */
@Tag("reference")
class UkiConformanceTest {
    private static final Path STUB = Path.of("/usr/lib/systemd/boot/efi/linuxx64.efi.stub");
    private static final Path NOTHING = Path.of("/dev/null");
    private static final Pattern OBJDUMP_ROW =
            Pattern.compile("(?m)^ +\\d+ (\\S+) +([0-9a-f]{8}) +([0-9a-f]{16}) +[0-9a-f]{16} +([0-9a-f]{8})");

    private static PeImage stub() throws Exception {
        if (!Files.exists(STUB)) {
            String missing = STUB + " is not there: apt-get install systemd-boot-efi";
            if (System.getenv("CI") != null) {
                throw new AssertionError(missing);
            }
            Assumptions.abort(missing);
        }
        PeImage stub = PeImage.read(ByteSource.of(STUB));
        return stub.hasSymbols() ? stub.withoutSymbols() : stub;
    }

    private static Path uki(Path dir, int alignment) throws Exception {
        PeImage uki = UkiAssembler.assemble(
                stub(),
                PeSamples.sections(
                        ".osrel",
                        "ID=talos\n".getBytes(UTF_8),
                        ".cmdline",
                        "console=ttyS0".getBytes(UTF_8),
                        ".linux",
                        new byte[100_000],
                        ".initrd",
                        "initrd".getBytes(UTF_8),
                        ".profile",
                        "ID=main".getBytes(UTF_8)),
                alignment,
                1_700_000_000L);
        Path file = dir.resolve("uki-%d.efi".formatted(alignment));
        Files.write(file, uki.bytes().readAll("uki", 1 << 24));
        return file;
    }

    private static List<String> objdump(Path dir, Path file) throws Exception {
        String text = RequiredTool.named("objdump", "binutils").run(dir, NOTHING, "-h", file.toString());
        return OBJDUMP_ROW
                .matcher(text)
                .results()
                .map(m -> "%s %s %s %s"
                        .formatted(m.group(1), m.group(2), m.group(3).substring(8), m.group(4)))
                .toList();
    }

    @Test
    void objdumpReadsTheSectionsThatWeWrote(@TempDir Path dir) throws Exception {
        for (int alignment : new int[] {512, 2048}) {
            Path file = uki(dir, alignment);
            List<String> ours = PeImage.read(ByteSource.of(file)).sections().stream()
                    .map(s ->
                            "%s %08x %08x %08x".formatted(s.name(), s.virtualSize(), s.virtualAddress(), s.rawOffset()))
                    .toList();
            assertEquals(ours, objdump(dir, file));
        }
    }

    @Test
    void weReadTheSectionsThatObjcopyAppended(@TempDir Path dir) throws Exception {
        stub();
        Files.write(dir.resolve("osrel"), "ID=talos\n".getBytes(UTF_8));
        Files.write(dir.resolve("linux"), new byte[100_000]);
        RequiredTool.named("objcopy", "binutils")
                .run(
                        dir,
                        NOTHING,
                        "--strip-all",
                        "--add-section=.osrel=osrel",
                        "--change-section-vma=.osrel=0x20000",
                        "--add-section=.linux=linux",
                        "--change-section-vma=.linux=0x21000",
                        STUB.toString(),
                        "theirs.efi");
        PeImage theirs = PeImage.read(ByteSource.of(dir.resolve("theirs.efi")));
        PeImage stub = stub();
        assertArrayEquals(
                "ID=talos\n".getBytes(UTF_8),
                theirs.content(Objects.requireNonNull(theirs.section(".osrel"))).readAll("osrel", 1000));
        for (PeSection section : stub.sections()) {
            PeSection same = Objects.requireNonNull(theirs.section(section.name()));
            assertEquals(section.virtualAddress(), same.virtualAddress());
            assertArrayEquals(
                    stub.content(section).readAll("stub", 1 << 24),
                    theirs.content(same).readAll("theirs", 1 << 24));
        }
        PeImage ours = UkiAssembler.assemble(
                stub, List.of(new UkiAssembler.NewSection(".osrel", ByteSource.of(dir.resolve("osrel")))), 512, 0);
        assertEquals(
                Objects.requireNonNull(theirs.section(".osrel")).rawOffset(),
                Objects.requireNonNull(ours.section(".osrel")).rawOffset());
    }

    @Test
    void sbsignSignsItAndSbverifyAgrees(@TempDir Path dir) throws Exception {
        RequiredTool openssl = RequiredTool.named("openssl", "openssl");
        RequiredTool sbsign = RequiredTool.named("sbsign", "sbsigntool");
        RequiredTool sbverify = RequiredTool.named("sbverify", "sbsigntool");
        openssl.run(
                dir,
                NOTHING,
                "req",
                "-new",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-subj",
                "/CN=test",
                "-keyout",
                "key",
                "-out",
                "cert");
        for (int alignment : new int[] {512, 2048}) {
            Path file = uki(dir, alignment);
            String signing = sbsign.run(
                    dir, NOTHING, "--key", "key", "--cert", "cert", "--output", "signed.efi", file.toString());
            assertTrue(!signing.contains("warning"), signing);
            String verified = sbverify.run(dir, NOTHING, "--cert", "cert", "signed.efi");
            assertTrue(verified.contains("Signature verification OK"), verified);
        }
    }
}
