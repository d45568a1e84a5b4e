package dev.talosforge.format.iso9660;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.tree.FileTree;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The contents of a medium.
 *
 * @param tree files stored in the ISO itself, with their final owners, modes and times
 * @param shared files with their content in the partition; missing directories are added (0755)
 * @param bios the El Torito image for a BIOS, or null
 * @param catalogPath in the tree under which the boot catalog is visible, or null
 * @param partition appended after the files, whole MiB; El Torito offers it to UEFI; or null
 * @param created of the volume, in seconds since the epoch; GRUB and blkid use it as the volume's UUID
 * @param systemArea the first 32768 bytes, or fewer, computed once everything else has its position: MBR and partition
 *     table
 * @param tailLength length of the very end, in bytes
 * @param tail the bytes of the very end: the second partition table
 */
public record IsoPlan(
        FileTree tree,
        List<SharedFile> shared,
        @Nullable BiosImage bios,
        @Nullable String catalogPath,
        @Nullable ByteSource partition,
        IsoLabels labels,
        long created,
        Function<IsoGeometry, byte[]> systemArea,
        int tailLength,
        Function<IsoGeometry, byte[]> tail) {
    public IsoPlan {
        shared = List.copyOf(shared);
    }

    /** Files only: nothing boots from it and the system area is empty. */
    public static IsoPlan of(FileTree tree, IsoLabels labels, long created) {
        return new IsoPlan(
                tree,
                List.of(),
                null,
                null,
                null,
                labels,
                created,
                geometry -> new byte[0],
                0,
                geometry -> new byte[0]);
    }

    /** The same, with files in the partition. */
    public IsoPlan withPartition(ByteSource image, List<SharedFile> files) {
        return new IsoPlan(tree, files, bios, catalogPath, image, labels, created, systemArea, tailLength, tail);
    }

    /** The same, booted by a BIOS. */
    public IsoPlan withBios(BiosImage image, String visibleCatalog) {
        return new IsoPlan(
                tree, shared, image, visibleCatalog, partition, labels, created, systemArea, tailLength, tail);
    }

    /** The same, with a partition table at both ends. */
    public IsoPlan withTables(Function<IsoGeometry, byte[]> first, int lastLength, Function<IsoGeometry, byte[]> last) {
        return new IsoPlan(tree, shared, bios, catalogPath, partition, labels, created, first, lastLength, last);
    }
}
