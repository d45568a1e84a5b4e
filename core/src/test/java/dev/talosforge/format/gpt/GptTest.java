package dev.talosforge.format.gpt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.support.BrokenInput;
import dev.talosforge.support.DocumentedLayout;
import dev.talosforge.testkit.RequiredTool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GptTest {
    private static UUID guid(String label) {
        byte[] name = label.getBytes(UTF_8);
        byte[] seed = new byte[16 + name.length];
        System.arraycopy(name, 0, seed, 16, name.length);
        return Guid.ofSeed(seed);
    }

    private static GptPartition partition(String name, UUID type, long first, long last) {
        long attributes = name.equals("BIOS") ? GptPartition.LEGACY_BIOS_BOOTABLE : 0;
        return new GptPartition(type, guid(name), first, last, attributes, name);
    }

    private static final Gpt DUAL_BOOT = new Gpt(
            512,
            8697856,
            2048,
            guid("talos-image-disk"),
            List.of(
                    partition("EFI", Guid.EFI_SYSTEM, 2048, 4304895),
                    partition("BIOS", Guid.BIOS_BOOT, 4304896, 4306943),
                    partition("BOOT", Guid.LINUX_DATA, 4306944, 8402943),
                    partition("META", Guid.LINUX_DATA, 8402944, 8404991)));

    private static final Gpt ARM64 = new Gpt(
            512,
            4599808,
            2048,
            guid("talos-image-disk"),
            List.of(
                    partition("EFI", Guid.EFI_SYSTEM, 2048, 4304895),
                    partition("META", Guid.LINUX_DATA, 4304896, 4306943)));

    private static final Gpt LARGE_SECTORS = new Gpt(
            4096,
            1087232,
            256,
            guid("talos-image-disk"),
            List.of(
                    partition("EFI", Guid.EFI_SYSTEM, 256, 538111),
                    partition("BIOS", Guid.BIOS_BOOT, 538112, 538367),
                    partition("BOOT", Guid.LINUX_DATA, 538368, 1050367),
                    partition("META", Guid.LINUX_DATA, 1050368, 1050623)));

    private static final Gpt SMALL = new Gpt(
            512,
            4096,
            34,
            guid("small"),
            List.of(partition("ISO", Guid.BASIC_DATA, 64, 2047), partition("EFI", Guid.EFI_SYSTEM, 2048, 4000)));

    private static ByteSource image(Gpt gpt, byte[] bootSector) {
        byte[] leading = gpt.leading(bootSector);
        byte[] trailing = gpt.trailing();
        long size = gpt.sectorCount() * gpt.sectorSize();
        return ByteSource.concat(List.of(
                ByteSource.of(leading),
                ByteSource.zeros(size - leading.length - trailing.length),
                ByteSource.of(trailing)));
    }

    @Test
    void guidsOfLabelsAreTheKnownOnes() {
        assertEquals("bca5174b-0118-8a6a-af0b-2c6e1585acae", guid("EFI").toString());
        assertEquals("a2a02ff5-d88d-8e6e-9c95-26b9b6c80bc3", guid("BIOS").toString());
        assertEquals("24c73076-4092-85dd-9d98-686a2dbf6d81", guid("BOOT").toString());
        assertEquals("cf04f137-101e-8ec6-9627-fa3f51cdabb8", guid("META").toString());
        assertEquals("f7f88648-df7c-8acb-b4d2-6f124659d923", guid("STATE").toString());
        assertEquals("c5e02400-0e5e-80bc-99ec-53b3e45ad6c4", guid("EPHEMERAL").toString());
        assertEquals("3b5449bc-c21f-8009-8b51-18945967f8df", guid("IMAGECACHE").toString());
        assertEquals(
                "d92d45b3-cde9-8760-be9f-a2a71fac8d11", guid("talos-image-disk").toString());
    }

    @Test
    void guidsAreStoredMixedEndian() throws Exception {
        assertEquals("28732ac11ff8d211ba4b00a0c93ec93b", HexFormat.of().formatHex(Guid.encode(Guid.EFI_SYSTEM)));
        assertEquals(Guid.EFI_SYSTEM, Guid.read(Guid.encode(Guid.EFI_SYSTEM)));
    }

    @Test
    void tablesAreTheKnownOnes() throws Exception {
        check(
                DUAL_BOOT,
                8697822,
                "8185ac0fe9a6ca3cb235f5dcc852aa9f44e3606b8eb5176e2159f536282f8dae",
                "0ac4b7de05b014e5dee21375180f4a59d4983d7bf2427c8500d787d89b5f1cb5",
                "d1bdfe51");
        check(
                ARM64,
                4599774,
                "f61564445d40f9d40e521280495fa9e96c92fc5ccd55350de1874408e293f709",
                "00948c8468906a39b66ba6212ad1e2b9b6593467eb1d40b1c90d47f498f96710",
                "9efe7f31");
        check(
                LARGE_SECTORS,
                1087226,
                "59b037c7d80dae0be09f184bf5175392e74843ec249c1485368b2be6c1f8eccf",
                "1db260740b5c2a19ca24699fdaa90c47d04e3e6b3621bb274279346500c2c5ff",
                "f7c20e33");
    }

    private static void check(Gpt gpt, long lastUsable, String entries, String header, String backupCrc)
            throws Exception {
        assertEquals(lastUsable, gpt.lastUsableLba());
        byte[] leading = gpt.leading(new byte[0]);
        int sector = gpt.sectorSize();
        assertEquals(Gpt.leadingSectors(sector) * sector, leading.length);
        assertEquals(entries, sha256(Arrays.copyOfRange(leading, 2 * sector, 2 * sector + 16384)));
        assertEquals(header, sha256(Arrays.copyOfRange(leading, sector, 2 * sector)));
        byte[] trailing = gpt.trailing();
        assertEquals(Gpt.trailingSectors(sector) * sector, trailing.length);
        int at = trailing.length - sector + 16;
        byte[] crc = {trailing[at + 3], trailing[at + 2], trailing[at + 1], trailing[at]};
        assertEquals(backupCrc, HexFormat.of().formatHex(crc));
        assertEquals(gpt, Gpt.read(image(gpt, new byte[0]), sector));
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    @Test
    void keepsTheBootCode() {
        byte[] code = new byte[512];
        Arrays.fill(code, (byte) 0x90);
        byte[] leading = SMALL.leading(code);
        assertArrayEquals(Arrays.copyOf(code, 446), Arrays.copyOf(leading, 446));
        assertEquals("00000200eeffffff01000000ff0f0000", HexFormat.of().formatHex(leading, 446, 462));
        assertEquals("55aa", HexFormat.of().formatHex(leading, 510, 512));
    }

    @Tag("reference")
    @Test
    void sgdiskAndFdiskAcceptIt(@TempDir Path dir) throws Exception {
        RequiredTool sgdisk = RequiredTool.named("sgdisk", "gdisk");
        RequiredTool fdisk = RequiredTool.named("fdisk", "fdisk");
        Path file = dir.resolve("disk");
        Files.write(file, image(SMALL, new byte[0]).readAll("disk", 1 << 24));
        String verified = sgdisk.run(dir, Path.of("/dev/null"), "-v", "disk");
        assertTrue(verified.contains("No problems found"), verified);
        String listed = fdisk.run(dir, Path.of("/dev/null"), "-l", "-o", "Start,End,Type,Name", "disk");
        assertTrue(listed.contains("Disklabel type: gpt"), listed);
        assertTrue(listed.contains(" 2048  4000 EFI System           EFI"), listed);
    }

    @Tag("reference")
    @Test
    void readsWhatSgdiskWrites(@TempDir Path dir) throws Exception {
        RequiredTool sgdisk = RequiredTool.named("sgdisk", "gdisk");
        Path file = dir.resolve("disk");
        Files.write(file, new byte[2 << 20]);
        sgdisk.run(
                dir,
                Path.of("/dev/null"),
                "--disk-guid=D92D45B3-CDE9-8760-BE9F-A2A71FAC8D11",
                "--new=1:2048:3000",
                "--typecode=1:ef00",
                "--change-name=1:EFI",
                "--partition-guid=1:BCA5174B-0118-8A6A-AF0B-2C6E1585ACAE",
                "disk");
        Gpt gpt = Gpt.read(ByteSource.of(file), 512);
        assertEquals(
                new Gpt(
                        512,
                        4096,
                        34,
                        guid("talos-image-disk"),
                        List.of(partition("EFI", Guid.EFI_SYSTEM, 2048, 3000))),
                gpt);
        byte[] theirs = Files.readAllBytes(file);
        assertArrayEquals(
                Arrays.copyOfRange(theirs, 512, 34 * 512), Arrays.copyOfRange(gpt.leading(new byte[0]), 512, 34 * 512));
        assertArrayEquals(Arrays.copyOfRange(theirs, theirs.length - 33 * 512, theirs.length), gpt.trailing());
    }

    @Test
    void refusesOverlapsAndPartitionsOutside() {
        assertEquals(
                "GPT partition B from 100 to 200 is outside 34 to 4062 or overlaps another one",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new Gpt(
                                        512,
                                        4096,
                                        34,
                                        guid("x"),
                                        List.of(
                                                partition("A", Guid.LINUX_DATA, 50, 100),
                                                partition("B", Guid.LINUX_DATA, 100, 200))))
                        .getMessage());
    }

    @Test
    void saysWhichChecksumIsWrong() throws Exception {
        byte[] bytes = image(SMALL, new byte[0]).readAll("disk", 1 << 24);
        bytes[1024 + 60] ^= 1;
        FormatException failure = assertThrows(FormatException.class, () -> Gpt.read(ByteSource.of(bytes), 512));
        assertTrue(
                String.valueOf(failure.getMessage())
                        .startsWith("GPT at offset 1024 (0x400): CRC-32 of the entries is 0x"),
                failure.getMessage());
    }

    @Test
    void brokenTablesEndInAFormatException() throws Exception {
        byte[] good = image(
                        new Gpt(512, 128, 34, guid("x"), List.of(partition("A", Guid.LINUX_DATA, 40, 50))), new byte[0])
                .readAll("disk", 1 << 20);
        BrokenInput.feed(good, 37, good.length, source -> Gpt.read(source, 512));
    }

    @Test
    void documentedLayoutsAreTheRealOnes() throws Exception {
        assertEquals(
                DocumentedLayout.of("gpt", "Protective MBR"),
                ProtectiveMbr.encode(new byte[446], 1).layout());
        assertEquals(
                DocumentedLayout.of("gpt", "Header"),
                new GptHeader(1, 2, 3, 4, Guid.NONE, 5, 6, 7, 8).encode().layout());
        assertEquals(
                DocumentedLayout.of("gpt", "Partition entry"),
                partition("A", Guid.LINUX_DATA, 40, 50).encode().layout());
    }
}
