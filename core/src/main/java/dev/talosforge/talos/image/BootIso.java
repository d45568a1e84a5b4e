package dev.talosforge.talos.image;

import dev.talosforge.bytes.BlockCompressor;
import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.format.fat.FatLayout;
import dev.talosforge.format.fat.FatOptions;
import dev.talosforge.format.fat.FatOptions.ClusterRule;
import dev.talosforge.format.gpt.Gpt;
import dev.talosforge.format.gpt.GptPartition;
import dev.talosforge.format.gpt.Guid;
import dev.talosforge.format.grub.CoreImage;
import dev.talosforge.format.grub.HybridBoot;
import dev.talosforge.format.iso9660.BiosImage;
import dev.talosforge.format.iso9660.IsoGeometry;
import dev.talosforge.format.iso9660.IsoLabels;
import dev.talosforge.format.iso9660.IsoLayout;
import dev.talosforge.format.iso9660.IsoPlan;
import dev.talosforge.format.iso9660.SharedFile;
import dev.talosforge.format.pe.PeImage;
import dev.talosforge.format.pe.PeSection;
import dev.talosforge.talos.Architecture;
import dev.talosforge.talos.Quirks;
import dev.talosforge.talos.TalosVersion;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.Entry.Attributes;
import dev.talosforge.tree.FileTree;
import dev.talosforge.tree.TreeBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The boot ISO: starts by UEFI (systemd-boot and a UKI) and, unless it is UEFI's alone, by BIOS (GRUB), from a CD and
 * from a disk.
 *
 * <pre>
 *   MBR, GPT                 GRUB's boot sector; partition 1 ISO 9660, partition 2 the EFI system partition
 *   ISO 9660                 boot/grub/grub.cfg, the BIOS image, and records that point into the partition
 *   EFI system partition     FAT32: EFI/BOOT/BOOTX64.EFI, EFI/Linux/Talos-VERSION.efi, loader/loader.conf
 *                            and, from Talos 1.14 on, loader/random-seed
 *   GPT again
 * </pre>
 *
 * <p>Kernel and initramfs stand on it once, as sections of the UKI: {@code boot/vmlinuz} and {@code boot/initramfs.xz}
 * of the ISO are records that point at these sections, which is why the UKI has to be aligned to {@link #ALIGNMENT}. An
 * ISO for UEFI alone has nothing in {@code boot}, and no code in its boot sector.
 */
public final class BootIso {
    /** Alignment of the UKI's sections in the file, in bytes: a block of an ISO. */
    public static final int ALIGNMENT = 2048;

    private static final int SECTOR = 512;

    /** Where partition 1 starts, in sectors: after 32 KiB of system area, as xorriso has it. */
    private static final long ISO_PARTITION_START = 64;

    /** "Do not mount" and "required": nobody may write into the ISO's own partition. */
    private static final long READ_ONLY_ATTRIBUTES = 0x1000_0000_0000_0001L;

    private static final String UKI_DIRECTORY = "EFI/Linux/";
    private static final String LOADER_CONF = "loader/loader.conf";

    /** Is where systemd-boot would write one. Its content is not used, because it is read-only. */
    private static final String RANDOM_SEED = "loader/random-seed";

    private static final int RANDOM_SEED_SIZE = 32;

    private BootIso() {}

    /**
     * What goes onto the ISO.
     *
     * @param version in the UKI's name and in the label
     * @param architecture determines the boot loader's name
     * @param uki with its sections aligned to {@link #ALIGNMENT} in the file
     * @param bootLoader systemd-boot
     * @param grub GRUB's i386-pc folder; null for UEFI only
     * @param grubConfig text of {@code boot/grub/grub.cfg}
     * @param loaderConf text of {@code loader/loader.conf}
     * @param created in seconds since the epoch: the time of everything
     */
    public record Contents(
            TalosVersion version,
            Architecture architecture,
            PeImage uki,
            ByteSource bootLoader,
            @Nullable FileTree grub,
            String grubConfig,
            String loaderConf,
            long created) {}

    /** Whether Talos' imager makes one that a BIOS also starts: until 1.11 on arm64 as well, which has no BIOS. */
    public static boolean isHybrid(TalosVersion version, Architecture architecture) {
        return architecture == Architecture.AMD64 || !version.atLeast(1, 12, 0);
    }

    /**
     * Lays the medium out. Its bytes are views of the contents: nothing is written, and nothing large is held in
     * memory.
     *
     * @param lzma makes GRUB's raw LZMA1 stream
     */
    public static ByteSource of(Contents contents, BlockCompressor lzma) throws IOException {
        EfiProgram.read(contents.architecture().bootFile(), contents.bootLoader(), contents.architecture());
        FileTree partitionTree = partitionTree(contents);
        FatLayout partition = FatLayout.of(
                partitionTree,
                FatOptions.efiSystemPartition()
                        .withClusterRule(
                                Quirks.of(contents.version()).fewestClusters()
                                        ? ClusterRule.FEWEST_CLUSTERS
                                        : ClusterRule.MKFS_VFAT));
        FileTree grub = contents.grub();
        CoreImage core = grub == null ? null : CoreImage.build(grub, CoreImage.ISO_MODULES, CoreImage.PREFIX, "", lzma);
        String label = BootFiles.volumeLabel(contents.version());
        IsoPlan plan = new IsoPlan(
                storedTree(contents),
                shared(contents, partitionTree, partition),
                core == null ? null : new BiosImage("boot/grub/i386-pc/eltorito.img", core.size(), core::patchedFor),
                "boot.catalog",
                partition.image(),
                new IsoLabels(BootFiles.volumeId(label), label, "", "TALOS FORGE", ""),
                contents.created(),
                geometry -> systemArea(contents, geometry),
                Math.toIntExact(Gpt.trailingSectors(SECTOR) * SECTOR),
                geometry -> table(contents, geometry).trailing());
        try {
            return IsoLayout.of(plan).image();
        } catch (UncheckedIOException e) { // from systemArea, which reads a file of GRUB
            throw Objects.requireNonNull(e.getCause());
        }
    }

    private static FileTree storedTree(Contents contents) throws IOException {
        TreeBuilder tree = new TreeBuilder(contents.created());
        if (contents.grub() != null) {
            tree.directory("boot", 0755)
                    .directory("boot/grub", 0755)
                    .file("boot/grub/grub.cfg", 0444, contents.grubConfig());
        }
        return tree.build();
    }

    private static String ukiPath(Contents contents) {
        return UKI_DIRECTORY + BootFiles.ukiName(contents.version());
    }

    private static String bootLoaderPath(Contents contents) {
        return "EFI/BOOT/" + contents.architecture().bootFile();
    }

    private static FileTree partitionTree(Contents contents) throws IOException {
        TreeBuilder tree = new TreeBuilder(contents.created())
                .file(bootLoaderPath(contents), 0644, contents.bootLoader())
                .file(ukiPath(contents), 0644, contents.uki().bytes())
                .file(LOADER_CONF, 0644, contents.loaderConf());
        if (Quirks.of(contents.version()).randomSeed()) {
            tree.file(RANDOM_SEED, 0444, ByteSource.zeros(RANDOM_SEED_SIZE));
        }
        return tree.build();
    }

    private static List<SharedFile> shared(Contents contents, FileTree files, FatLayout partition) {
        Attributes attributes = Attributes.root(0444, contents.created());
        List<SharedFile> shared = new ArrayList<>();
        for (Entry entry : files.entries()) {
            if (entry instanceof Entry.RegularFile file) {
                shared.add(new SharedFile(
                        file.path(),
                        attributes,
                        partition.offsetOf(file.path()),
                        file.content().size()));
            }
        }
        if (contents.grub() != null) {
            long uki = partition.offsetOf(ukiPath(contents));
            shared.add(section(contents.uki(), ".linux", "boot/vmlinuz", attributes, uki));
            shared.add(section(contents.uki(), ".initrd", "boot/initramfs.xz", attributes, uki));
        }
        return shared;
    }

    private static SharedFile section(PeImage uki, String name, String path, Attributes attributes, long ukiOffset) {
        PeSection section = uki.section(name);
        if (section == null) {
            throw new IllegalArgumentException("the UKI has no section " + name);
        }
        return new SharedFile(path, attributes, ukiOffset + section.rawOffset(), section.contentSize());
    }

    private static byte[] systemArea(Contents contents, IsoGeometry geometry) {
        try {
            FileTree grub = contents.grub();
            byte[] sector = grub == null ? new byte[0] : HybridBoot.sector(grub, geometry.biosBlock());
            return table(contents, geometry).leading(sector);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Gpt table(Contents contents, IsoGeometry geometry) {
        return new Gpt(
                SECTOR,
                geometry.totalSectors(),
                Gpt.leadingSectors(SECTOR),
                guid(contents, "disk"),
                List.of(
                        new GptPartition(
                                Guid.BASIC_DATA,
                                guid(contents, "ISO9660"),
                                ISO_PARTITION_START,
                                geometry.partitionSector() - 1,
                                READ_ONLY_ATTRIBUTES,
                                "ISO9660"),
                        new GptPartition(
                                Guid.EFI_SYSTEM,
                                guid(contents, "EFI"),
                                geometry.partitionSector(),
                                geometry.partitionSector() + geometry.partitionSectors() - 1,
                                0,
                                "EFI")));
    }

    /** From cheap properties that distinguish ISOs, so that the same ISO gets the same identifiers. */
    private static java.util.UUID guid(Contents contents, String purpose) {
        String seed = "talos-forge iso %s %d %d %s\n%s"
                .formatted(
                        contents.version().text(),
                        contents.created(),
                        contents.uki().bytes().size(),
                        purpose,
                        contents.grubConfig());
        return Guid.ofSeed(
                Sha256.of(seed.getBytes(StandardCharsets.UTF_8)).hex().getBytes(StandardCharsets.US_ASCII));
    }
}
