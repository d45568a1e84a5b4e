package dev.talosforge.format.tar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Field;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.LimitException;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.Entry.Attributes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TarReaderTest {
    private static final Attributes ROOT = new Attributes(0644, 0, 0, 0);

    @Test
    void largeFilesAreViewsWithPaxSizes() throws Exception {
        long size = 10L << 30;
        ByteSource archive = TarArchive.source(List.of(new Entry.RegularFile("huge", ROOT, ByteSource.zeros(size))));
        assertEquals(512 * 3 + size + 1024, archive.size());
        TarReader reader = new TarReader(archive.open(), TarLimits.GENEROUS);
        TarMember member = reader.next();
        assertNotNull(member);
        assertEquals(size, member.size());
        assertEquals(1536, member.contentOffset());
    }

    @Test
    void globalRecordsHoldForAllThatFollow() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(header('g', "pax", 11));
        out.writeBytes(Arrays.copyOf("11 uid=123\n".getBytes(StandardCharsets.UTF_8), 512));
        out.writeBytes(header('0', "a", 0));
        out.writeBytes(header('0', "b", 0));
        TarReader reader = new TarReader(new ByteArrayInputStream(out.toByteArray()), TarLimits.GENEROUS);
        assertEquals(123, uid(reader.next()));
        assertEquals(123, uid(reader.next()));
        assertNull(reader.next(), "an archive may end without its blocks of zeros");
        assertNull(reader.next(), "and stays ended");
    }

    @Test
    void namesAreKeptInsideTheRoot(@TempDir Path dir) throws Exception {
        FormatException up = assertThrows(FormatException.class, () -> first(header('0', "a/../../etc/passwd", 0)));
        assertEquals("tar archive at offset 0 (0x0): the name leaves the root: a/../../etc/passwd", up.getMessage());
        TarMember absolute = first(header('0', "/etc//./passwd", 0));
        assertNotNull(absolute);
        assertEquals("etc/passwd", absolute.path());
        byte[] below = TarConformanceTest.archive(List.of(
                new Entry.RegularFile("lib", ROOT, ByteSource.empty()),
                new Entry.RegularFile("lib/x", ROOT, ByteSource.empty())));
        FormatException file = assertThrows(FormatException.class, () -> TarConformanceTest.read(below, dir));
        assertEquals(
                "tar archive at offset 1024 (0x400): lib/x is below lib, which is not a directory", file.getMessage());
    }

    @Test
    void limitsHold(@TempDir Path dir) throws Exception {
        byte[] archive = TarConformanceTest.archive(List.of(
                new Entry.RegularFile("a", ROOT, ByteSource.zeros(600)),
                new Entry.RegularFile("b", ROOT, ByteSource.zeros(600))));
        assertEquals(
                "tar archive at offset 1536 (0x600): b: more than 1000 bytes of content",
                assertThrows(
                                FormatException.class,
                                () -> TarTree.read(new ByteArrayInputStream(archive), dir, new TarLimits(10, 1000)))
                        .getMessage());
        assertEquals(
                "tar archive at offset 1536 (0x600): more than 1 members",
                assertThrows(
                                FormatException.class,
                                () -> TarTree.read(new ByteArrayInputStream(archive), dir, new TarLimits(1, 5000)))
                        .getMessage());
        assertEquals(
                "tar archive at offset 0 (0x0): an extension of 2000000 bytes; the limit is 1048576",
                assertThrows(FormatException.class, () -> first(header('L', "name", 2_000_000)))
                        .getMessage());
    }

    @Test
    void refusesWhatTarCannotHold() {
        LimitException device = assertThrows(
                LimitException.class, () -> TarArchive.source(List.of(new Entry.CharDevice("d", ROOT, 1, 1 << 21))));
        assertEquals("tar: d: the device number is 2097152; the format holds 0 to 2097151", device.getMessage());
        LimitException link = assertThrows(
                LimitException.class, () -> TarArchive.source(List.of(new Entry.HardLink("a", ROOT, "b"))));
        assertEquals("tar: a: links to b, which is not a file of the archive", link.getMessage());
    }

    @Test
    void brokenArchivesAreFormatExceptions() throws Exception {
        byte[] archive = TarConformanceTest.archive(List.of(
                new Entry.RegularFile("a", ROOT, ByteSource.of(new byte[700])),
                new Entry.RegularFile("ö".repeat(90), new Attributes(0, 1L << 40, 0, -1), ByteSource.empty()),
                new Entry.Symlink("s", ROOT, "x".repeat(200))));
        for (int cut = 0; cut < archive.length; cut++) {
            readOrRefuse(Arrays.copyOf(archive, cut));
        }
        Random random = new Random(3);
        for (int i = 0; i < 2000; i++) {
            byte[] flipped = archive.clone();
            flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
            if (i % 2 == 0) {
                mendChecksums(flipped);
            }
            readOrRefuse(flipped);
        }
    }

    @Test
    void documentedLayoutIsTheRealOne() throws Exception {
        Pattern row = Pattern.compile("\\| (\\d+) \\| (\\d+) \\| (\\w+) \\|");
        List<Field> documented = row.matcher(Files.readString(Path.of("docs/formats/tar.md")))
                .results()
                .map(match ->
                        new Field(Integer.parseInt(match.group(1)), Integer.parseInt(match.group(2)), match.group(3)))
                .toList();
        assertEquals(
                documented,
                new TarHeader("a", 0, 0, 0, 0, 0, '0', "", 0, 0, "").encode().layout());
    }

    private static void readOrRefuse(byte[] archive) throws Exception {
        try {
            TarReader reader = new TarReader(new ByteArrayInputStream(archive), TarLimits.GENEROUS);
            for (TarMember member = reader.next(); member != null; member = reader.next()) {
                reader.content().readAllBytes();
            }
        } catch (FormatException expected) {
            // the only thing that may come out
        }
    }

    /** Makes flipped headers pass their checksum, so that what lies behind it is tested, too. */
    private static void mendChecksums(byte[] archive) {
        for (int at = 0; at + 512 <= archive.length; at += 512) {
            if (archive[at + 257] == 'u') {
                Arrays.fill(archive, at + 148, at + 156, (byte) ' ');
                int sum = 0;
                for (int i = at; i < at + 512; i++) {
                    sum += archive[i] & 0xff;
                }
                byte[] digits = "%06o\0 ".formatted(sum).getBytes(StandardCharsets.US_ASCII);
                System.arraycopy(digits, 0, archive, at + 148, 8);
            }
        }
    }

    private static long uid(@org.jspecify.annotations.Nullable TarMember member) {
        assertNotNull(member);
        return member.attributes().uid();
    }

    private static @org.jspecify.annotations.Nullable TarMember first(byte[] archive) throws Exception {
        return new TarReader(new ByteArrayInputStream(archive), TarLimits.GENEROUS).next();
    }

    /** Row 9e: umoci and Linux take them, and the imager looks at neither. */
    @Test
    void impossibleOwnersAndTimesDoNotRefuseAFile() throws Exception {
        Attributes member = attributes(pax("uid=-2", "gid=-1", "mtime=-6800000000.5"));
        assertEquals(new Attributes(0644, 0, 0, -6_800_000_001L), member);
        member = attributes(pax("uid=99999999999999999999999999", "gid=4294967295", "mtime=99999999999999999"));
        assertEquals(new Attributes(0644, 0, 0, 99_999_999_999_999_999L), member);
        byte[] binary = header('0', "a", 0);
        Arrays.fill(binary, 136, 148, (byte) 0x7f); // base-256, beyond 64 bits
        binary[136] = (byte) 0x80;
        assertEquals(Long.MAX_VALUE, attributes(summed(binary)).modified());
    }

    /** Row 9e: on Linux no link has another. */
    @Test
    void everySymbolicLinkHasTheModeOfSymbolicLinks() throws Exception {
        byte[] link = new TarHeader("a", 0644, 0, 0, 0, 0, '2', "b", 0, 0, "").toBytes();
        assertEquals(0777, attributes(link).permissions());
    }

    /** Row 9e: what a tree does not keep is told; what other systems invented is nobody's loss. */
    @Test
    void extendedAttributesAreCounted() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(pax("SCHILY.xattr.user.note=x", "LIBARCHIVE.xattr.security.capability="));
        out.writeBytes(pax("SCHILY.xattr.com.apple.thing=x"));
        out.writeBytes(pax("SCHILY.xattr.user.note=x"));
        TarReader reader = new TarReader(new ByteArrayInputStream(out.toByteArray()), TarLimits.GENEROUS);
        LostXattrs lost = new LostXattrs();
        for (TarMember member = reader.next(); member != null; member = reader.next()) {
            lost.see(member);
        }
        assertEquals(
                "extended attributes are not kept: security.capability, user.note of 2 files, the first is a",
                lost.warning());
        assertNull(new LostXattrs().warning());
    }

    /** Row 21: its bytes are nobody's text, and what ends it is part of it. */
    @Test
    void aLabelIsKeptAndNotReported() throws Exception {
        byte[] archive = pax("SCHILY.xattr.security.selinux=a\u00ff=b\n\0", "SCHILY.xattr.user.note=x");
        TarMember member = first(archive);
        assertNotNull(member);
        assertEquals("a\u00ff=b\n\0", member.attributes().label());
        assertEquals(List.of("user.note"), member.xattrs());
        assertNull(attributes(pax("SCHILY.xattr.security.selinux=a", "SCHILY.xattr.security.selinux="))
                .label());
    }

    /** imager does not look at the other form, and no kernel takes so long a context. */
    @Test
    void unusableLabelsAreReported() throws Exception {
        for (byte[] archive : List.of(
                pax("LIBARCHIVE.xattr.security.selinux=YQ"),
                pax("SCHILY.xattr.security.selinux=" + "a".repeat(Attributes.MAX_LABEL + 1)))) {
            TarMember member = first(archive);
            assertNotNull(member);
            assertNull(member.attributes().label());
            assertEquals(List.of("security.selinux"), member.xattrs());
        }
    }

    private static Attributes attributes(byte[] archive) throws Exception {
        TarMember member = first(archive);
        assertNotNull(member);
        return member.attributes();
    }

    /** A file "a" with these records, each with its length before it. */
    private static byte[] pax(String... records) {
        StringBuilder text = new StringBuilder();
        for (String record : records) {
            int length = record.length() + 3;
            while (Integer.toString(length).length() + record.length() + 2 != length) {
                length++;
            }
            text.append(length).append(' ').append(record).append('\n');
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.ISO_8859_1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(header('x', "pax", bytes.length));
        out.writeBytes(Arrays.copyOf(bytes, bytes.length + (-bytes.length & 511)));
        out.writeBytes(header('0', "a", 0));
        return out.toByteArray();
    }

    private static byte[] summed(byte[] header) {
        Arrays.fill(header, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte value : header) {
            sum += Byte.toUnsignedInt(value);
        }
        System.arraycopy("%06o\0 ".formatted(sum).getBytes(StandardCharsets.US_ASCII), 0, header, 148, 8);
        return header;
    }

    private static byte[] header(char type, String name, long size) {
        return new TarHeader(name, 0644, 0, 0, size, 0, type, "", 0, 0, "").toBytes();
    }
}
