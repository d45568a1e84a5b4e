package dev.talosforge.talos.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.LimitException;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.format.fat.FatReader;
import dev.talosforge.format.gpt.Gpt;
import dev.talosforge.format.gpt.GptPartition;
import dev.talosforge.format.iso9660.IsoReader;
import dev.talosforge.format.pe.PeImage;
import dev.talosforge.format.pe.PeSection;
import dev.talosforge.talos.OutputKind;
import dev.talosforge.talos.SampleParts;
import dev.talosforge.talos.TalosVersion;
import dev.talosforge.testkit.RequiredTool;
import dev.talosforge.tree.DiskTree;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole medium, judged by the tools that know its parts. */
class BootIsoTest {
    private static final Path NOTHING = Path.of("/dev/null");
    private static final Path GRUB = Path.of("/usr/lib/grub/i386-pc");
    private static final String UKI = "EFI/Linux/Talos-v1.11.5.efi";

    @TempDir
    private Path folder;

    /** The field's own GRUB, where it is about what the field's tools say. */
    private static FileTree debianGrub() throws IOException {
        if (!Files.exists(GRUB)) {
            String missing = GRUB + " is not there: apt-get install grub-pc-bin";
            if (System.getenv("CI") != null) {
                throw new AssertionError(missing);
            }
            Assumptions.abort(missing);
        }
        return DiskTree.read(GRUB);
    }

    private static ByteSource iso() throws IOException {
        return BootIso.of(
                SampleParts.iso(SampleParts.VERSION, SampleParts.grub().build()), SampleParts::lzma);
    }

    private static Entry.RegularFile file(FileTree tree, String path) {
        return (Entry.RegularFile) Objects.requireNonNull(tree.get(path), path);
    }

    @Test
    void everyFileOfTheMediumIsThere() throws Exception {
        IsoReader.Volume volume = IsoReader.read(iso());
        assertEquals(
                List.of(
                        "EFI",
                        "EFI/BOOT",
                        "EFI/BOOT/BOOTX64.EFI",
                        "EFI/Linux",
                        UKI,
                        "boot",
                        "boot/grub",
                        "boot/grub/grub.cfg",
                        "boot/grub/i386-pc",
                        "boot/grub/i386-pc/eltorito.img",
                        "boot/initramfs.xz",
                        "boot/vmlinuz",
                        "boot.catalog",
                        "loader",
                        "loader/loader.conf"),
                volume.tree().entries().stream().map(Entry::path).toList());
        assertEquals("TALOS_V1_11_5", volume.labels().volume());
        assertEquals("Talos-v1.11.5", volume.labels().volumeSet());
        assertArrayEquals(
                SampleParts.bytes(SampleParts.kernel()),
                SampleParts.bytes(file(volume.tree(), "boot/vmlinuz").content()));
        assertArrayEquals(
                SampleParts.bytes(SampleParts.initramfs()),
                SampleParts.bytes(file(volume.tree(), "boot/initramfs.xz").content()));
        assertEquals(
                BootFiles.loaderConf(),
                new String(
                        SampleParts.bytes(
                                file(volume.tree(), "loader/loader.conf").content()),
                        UTF_8));
        assertTrue(new String(
                        SampleParts.bytes(
                                file(volume.tree(), "boot/grub/grub.cfg").content()),
                        UTF_8)
                .contains("linux /boot/vmlinuz talos.platform=nocloud console=ttyS0 a=\\$\\{b\\}\n"));
        for (Entry entry : volume.tree().entries()) {
            assertEquals(SampleParts.TIME, entry.attributes().modified(), entry.path());
            assertEquals(
                    entry instanceof Entry.Directory ? 0755 : 0444,
                    entry.attributes().permissions(),
                    entry.path());
        }
    }

    @Test
    void thePartitionRepeatsWhatUefiNeeds() throws Exception {
        ByteSource iso = iso();
        IsoReader.Volume volume = IsoReader.read(iso);
        FileTree partition = FatReader.read(partition(iso));
        assertEquals(
                List.of("EFI", "EFI/BOOT", "EFI/BOOT/BOOTX64.EFI", "EFI/Linux", UKI, "loader", "loader/loader.conf"),
                partition.entries().stream().map(Entry::path).toList());
        for (String path : List.of("EFI/BOOT/BOOTX64.EFI", UKI, "loader/loader.conf")) {
            assertEquals(
                    Sha256.of(file(partition, path).content()),
                    Sha256.of(file(volume.tree(), path).content()),
                    path);
        }
    }

    /** In both file systems, and so that nobody writes into it. */
    @Test
    void fromTalos114OnThereIsARandomSeed() throws Exception {
        String seed = "loader/random-seed";
        for (String version : List.of("v1.13.9", "v1.14.0")) {
            ByteSource iso = BootIso.of(
                    SampleParts.iso(
                            SampleParts.version(version), SampleParts.grub().build()),
                    SampleParts::lzma);
            FileTree partition = FatReader.read(partition(iso));
            assertEquals(version.equals("v1.14.0"), partition.get(seed) != null, version);
            if (partition.get(seed) != null) {
                assertArrayEquals(
                        new byte[32], SampleParts.bytes(file(partition, seed).content()));
                assertEquals(0444, file(partition, seed).attributes().permissions());
                assertArrayEquals(
                        new byte[32],
                        SampleParts.bytes(file(IsoReader.read(iso).tree(), seed).content()));
            }
        }
    }

    /** Nothing is written: the initramfs is a view of zeros. */
    @Test
    void fromTalos114OnALargePartitionHasLargerClusters() throws Exception {
        for (String text : List.of("v1.13.9", "v1.14.0")) {
            TalosVersion version = SampleParts.version(text);
            BootIso.Contents small = SampleParts.iso(version, SampleParts.grub().build());
            BootIso.Contents large = new BootIso.Contents(
                    version,
                    small.architecture(),
                    SampleParts.uki(
                            version,
                            SampleParts.kernel(),
                            ByteSource.zeros(80 << 20),
                            OutputKind.ISO,
                            BootIso.ALIGNMENT),
                    small.bootLoader(),
                    small.grub(),
                    small.grubConfig(),
                    small.loaderConf(),
                    small.created());
            assertEquals(1, sectorsPerCluster(small), text);
            assertEquals(text.equals("v1.14.0") ? 2 : 1, sectorsPerCluster(large), text);
        }
    }

    private static int sectorsPerCluster(BootIso.Contents contents) throws IOException {
        return partition(BootIso.of(contents, SampleParts::lzma)).read("boot sector", 13, 1)[0];
    }

    private static ByteSource partition(ByteSource iso) throws IOException {
        GptPartition efi = Gpt.read(iso, 512).partitions().getLast();
        return iso.slice(efi.firstLba() * 512, (efi.lastLba() - efi.firstLba() + 1) * 512);
    }

    @Test
    void sameBytesTwiceAndOtherIdentifiersForAnotherImage() throws Exception {
        ByteSource one = iso();
        assertEquals(Sha256.of(one), Sha256.of(iso()));
        BootIso.Contents other = SampleParts.iso(
                SampleParts.version("v1.11.6"), SampleParts.grub().build());
        assertNotEquals(
                Gpt.read(one, 512).disk(),
                Gpt.read(BootIso.of(other, SampleParts::lzma), 512).disk());
        Gpt table = Gpt.read(one, 512);
        assertEquals(
                3,
                Set.of(
                                table.disk(),
                                table.partitions().getFirst().id(),
                                table.partitions().getLast().id())
                        .size());
    }

    @Tag("reference")
    @Test
    void xorrisoSeesBothWaysToBoot() throws Exception {
        Path file = debianIso();
        String report = RequiredTool.named("xorriso", "xorriso")
                .run(
                        folder,
                        NOTHING,
                        "-indev",
                        file.toString(),
                        "-pvd_info",
                        "-report_el_torito",
                        "plain",
                        "-report_system_area",
                        "plain");
        assertTrue(
                report.lines().noneMatch(l -> l.contains("FAILURE") || l.contains("SORRY") || l.contains("WARNING")),
                report);
        assertHas(report, "Volume Id    : TALOS_V1_11_5");
        assertHas(report, "Volume Set Id: Talos-v1.11.5");
        assertMatches(report, "El Torito cat path : +/boot\\.catalog");
        assertMatches(report, "El Torito img path : +1 +/boot/grub/i386-pc/eltorito\\.img");
        assertMatches(report, "El Torito img opts : +1 +boot-info-table grub2-boot-info");
        assertMatches(report, "El Torito boot img : +1 +BIOS +y +none +0x0000 +0x00 +4 +\\d+");
        assertMatches(report, "El Torito boot img : +2 +UEFI +y +none +0x0000 +0x00 +0 +\\d+");
        assertMatches(report, "System area summary: +MBR protective-msdos-label grub2-mbr.* GPT");
        assertMatches(report, "GPT partition name +: +1 +490053004f003900360036003000");
        assertMatches(report, "GPT type GUID +: +2 +28732ac11ff8d211ba4b00a0c93ec93b");
    }

    @Tag("reference")
    @Test
    void partitionToolsFindNoFault() throws Exception {
        Path file = debianIso();
        String verified = RequiredTool.named("sgdisk", "gdisk").run(folder, NOTHING, "-v", file.toString());
        assertTrue(verified.contains("No problems found"), verified);
        Path efi = SampleParts.write(partition(ByteSource.of(file)), folder.resolve("efi.img"));
        String checked = RequiredTool.named("fsck.vfat", "dosfstools").run(folder, NOTHING, "-n", efi.toString());
        assertTrue(checked.lines().noneMatch(l -> l.contains("differ") || l.contains("rror")), checked);
        RequiredTool.named("mcopy", "mtools")
                .run(folder, NOTHING, "-i", efi.toString(), "::" + UKI, "::loader/loader.conf", folder.toString());
        assertEquals(
                Sha256.of(
                        SampleParts.iso(SampleParts.VERSION, debianGrub()).uki().bytes()),
                Sha256.of(ByteSource.of(folder.resolve("Talos-v1.11.5.efi"))));
        assertEquals(BootFiles.loaderConf(), Files.readString(folder.resolve("loader.conf")));
    }

    /** Kernel and initramfs stand on the medium once: their records point at the UKI's sections. */
    @Tag("reference")
    @Test
    void sharedFilesAreTheSectionsOfTheUki() throws Exception {
        Path file = debianIso();
        String report = RequiredTool.named("xorriso", "xorriso")
                .run(folder, NOTHING, "-indev", file.toString(), "-find", "/", "-type", "f", "-exec", "report_lba");
        TreeMap<String, Long> offsets = new TreeMap<>();
        Matcher line = Pattern.compile("File data lba: +0 , +(\\d+) , +\\d+ , +\\d+ , '/(.*)'")
                .matcher(report);
        while (line.find()) {
            offsets.put(line.group(2), Long.parseLong(line.group(1)) * 2048);
        }
        long uki = Objects.requireNonNull(offsets.get(UKI), report);
        PeImage image = PeImage.read(
                file(FatReader.read(partition(ByteSource.of(file))), UKI).content());
        for (var shared : List.of(List.of(".linux", "boot/vmlinuz"), List.of(".initrd", "boot/initramfs.xz"))) {
            PeSection section = Objects.requireNonNull(image.section(shared.getFirst()));
            assertEquals(uki + section.rawOffset(), offsets.get(shared.getLast()), shared.getLast());
        }
        assertTrue(Files.size(file) < 36 << 20, "a FAT32 partition has 33 MiB");
    }

    private Path debianIso() throws IOException {
        ByteSource iso = BootIso.of(SampleParts.iso(SampleParts.VERSION, debianGrub()), SampleParts::lzma);
        return SampleParts.write(iso, folder.resolve("ours.iso"));
    }

    private static void assertHas(String text, String part) {
        assertTrue(text.contains(part), () -> part + " is not in:\n" + text);
    }

    private static void assertMatches(String text, String regex) {
        assertTrue(Pattern.compile(regex).matcher(text).find(), () -> regex + " does not match:\n" + text);
    }

    @Test
    void namesOfUnusualVersions() throws Exception {
        for (var names : List.of(
                List.of("v1.12.0-alpha.1", "TALOS_V1_12_0_ALPHA_1", "Talos-v1.12.0-alpha.1.efi"),
                List.of("v1.11.5+1", "TALOS_V1_11_51", "Talos-v1.11.5_1.efi"),
                List.of(
                        "v1.11.5-3-g0123456789abcdef0123456789abcdef-dirty",
                        "TALOS_V1_11_5_3_G0123456789ABCDE",
                        "Talos-v1.11.5-3-g0123456789abcdef0123456789abcdef-dirty.efi"))) {
            TalosVersion version = SampleParts.version(names.getFirst());
            ByteSource iso =
                    BootIso.of(SampleParts.iso(version, SampleParts.grub().build()), SampleParts::lzma);
            IsoReader.Volume volume = IsoReader.read(iso);
            assertEquals(names.get(1), volume.labels().volume());
            assertEquals("Talos-" + version.text(), volume.labels().volumeSet());
            assertTrue(volume.tree().get("EFI/Linux/" + names.getLast()) != null, names.getLast());
            assertTrue(FatReader.read(partition(iso)).get("EFI/Linux/" + names.getLast()) != null, names.getLast());
        }
    }

    private static String failure(FileTree grub, ByteSource bootLoader) throws IOException {
        BootIso.Contents good = SampleParts.iso(SampleParts.VERSION, grub);
        BootIso.Contents contents = new BootIso.Contents(
                good.version(),
                good.architecture(),
                good.uki(),
                bootLoader,
                grub,
                good.grubConfig(),
                good.loaderConf(),
                good.created());
        return String.valueOf(assertThrows(FormatException.class, () -> BootIso.of(contents, SampleParts::lzma))
                .getMessage());
    }

    private static FileTree grubWithout(String... names) throws IOException {
        return SampleParts.grub().build().filter(entry -> !List.of(names).contains(entry.path()));
    }

    @Test
    void whatIsMissingIsNamed() throws Exception {
        for (String name : List.of(
                "kernel.img",
                "moddep.lst",
                "iso9660.mod",
                "terminal.mod",
                "cdboot.img",
                "diskboot.img",
                "lzma_decompress.img",
                "boot_hybrid.img")) {
            assertEquals(
                    "GRUB i386-pc directory at offset 0 (0x0): has no file " + name,
                    failure(grubWithout(name), SampleParts.bootLoader()));
        }
        assertEquals(
                "GRUB boot_hybrid.img at offset 0 (0x0): 3 bytes, expected 512",
                failure(SampleParts.grub().file("boot_hybrid.img", 0644, "abc").build(), SampleParts.bootLoader()));
    }

    @Test
    void aBootLoaderThatCannotStartIsRefused() throws Exception {
        FileTree grub = SampleParts.grub().build();
        assertEquals(
                "BOOTX64.EFI at offset 0 (0x0): not a UEFI program: not a PE file",
                failure(grub, ByteSource.of(new byte[1000])));
        assertEquals(
                "BOOTX64.EFI at offset 0 (0x0): for machine 0xaa64, and amd64 is 0x8664",
                failure(grub, ByteSource.of(SampleParts.program(0xaa64, 512))));
        assertEquals(
                "BOOTX64.EFI at offset 0 (0x0): not a UEFI program: not a PE file", failure(grub, ByteSource.empty()));
    }

    @Test
    void aCoreImageThatABiosCannotHoldIsRefused() throws Exception {
        FileTree grub = SampleParts.grub()
                .file("normal.mod", 0644, ByteSource.of(SampleParts.noise(600_000, 9)))
                .build();
        BootIso.Contents contents = SampleParts.iso(SampleParts.VERSION, grub);
        String message =
                String.valueOf(assertThrows(LimitException.class, () -> BootIso.of(contents, SampleParts::lzma))
                        .getMessage());
        assertTrue(
                message.matches("GRUB core image: biosdisk iso9660 normal linux all_video minicmd: "
                        + "\\d+ bytes, but a BIOS leaves room for 454656"),
                message);
    }

    @Test
    void aUkiOfFourGibibytesIsRefusedInTheUsersWords() throws Exception {
        LimitException failure = assertThrows(
                LimitException.class,
                () -> SampleParts.uki(
                        SampleParts.VERSION,
                        SampleParts.kernel(),
                        ByteSource.zeros(5L << 30),
                        OutputKind.ISO,
                        BootIso.ALIGNMENT));
        assertEquals(
                "unified kernel image: Talos-v1.11.5.efi: kernel and initramfs with its extensions have 5369010688"
                        + " bytes, but UEFI starts at most 4278190079; remove extensions",
                failure.getMessage());
    }

    /** The largest UKI that passes is one that PE and FAT hold, too. */
    @Test
    void nearlyFourGibibytesFit() throws Exception {
        PeImage uki = SampleParts.uki(
                SampleParts.VERSION,
                SampleParts.kernel(),
                ByteSource.zeros(
                        0xffff_ffffL - (16 << 20) - SampleParts.kernel().size()),
                OutputKind.ISO,
                BootIso.ALIGNMENT);
        BootIso.Contents small =
                SampleParts.iso(SampleParts.VERSION, SampleParts.grub().build());
        ByteSource iso = BootIso.of(
                new BootIso.Contents(
                        small.version(),
                        small.architecture(),
                        uki,
                        small.bootLoader(),
                        small.grub(),
                        small.grubConfig(),
                        small.loaderConf(),
                        small.created()),
                SampleParts::lzma);
        assertEquals(
                uki.bytes().size(),
                file(IsoReader.read(iso).tree(), UKI).content().size());
        assertEquals(
                uki.bytes().size(),
                file(FatReader.read(partition(iso)), UKI).content().size());
    }
}
