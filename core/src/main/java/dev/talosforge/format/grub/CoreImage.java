package dev.talosforge.format.grub;

import dev.talosforge.bytes.BlockCompressor;
import dev.talosforge.bytes.FieldReader;
import dev.talosforge.bytes.FieldWriter;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.LimitException;
import dev.talosforge.tree.FileTree;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * GRUB for a BIOS in one file, as {@code grub-mkimage -O i386-pc-eltorito} makes it. The same bytes boot from a CD, as
 * an El Torito image, and from a disk.
 *
 * <pre>
 *   0x000   cdboot.img, 2048 bytes: loaded by the BIOS from a CD
 *   0x800   diskboot.img, 512 bytes: loaded by the boot sector from a disk
 *   0xa00   lzma_decompress.img: unpacks what follows
 *   ...     a raw LZMA1 stream (lc 3, lp 0, pb 2, no header): kernel.img as in memory, then the modules
 * </pre>
 *
 * <p>Immutable. {@link #patchedFor} adapts it to its position on the medium, which it does not know before.
 */
public final class CoreImage {
    /** Enough to read a kernel and its command line from {@code grub.cfg} on an ISO, and to show a menu. */
    public static final List<String> ISO_MODULES =
            List.of("biosdisk", "iso9660", "normal", "linux", "all_video", "minicmd");

    /** Where GRUB looks for {@code grub.cfg}, on the drive it was started from. */
    public static final String PREFIX = "/boot/grub";

    static final int CD_SECTOR = 2048;
    static final int DISK_SECTOR = 512;
    static final int CD_BOOT_SIZE = 2048;

    /** Offset of the first sector after diskboot.img in the disk's block list. */
    private static final int BLOCK_LIST = CD_BOOT_SIZE + 500;

    private static final int SECTOR_COUNT = 508;
    private static final int LOAD_SEGMENT = 0x820;
    private static final int MAX_DECOMPRESSOR = 0x9000 - 0x8200;

    /** The most bytes after diskboot.img: memory from 0x9000 to 0x78000. */
    static final int MAX_BODY = 0x78000 - 0x9000;

    private static final int BOOT_INFO = 8;
    private static final int BOOT_INFO_END = 64;
    private static final long VOLUME_DESCRIPTOR_BLOCK = 16;
    private static final String NAME = "GRUB core image";

    private final byte[] bytes;

    private CoreImage(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Builds an image.
     *
     * @param directory with kernel.img, moddep.lst, *.mod, lzma_decompress.img, diskboot.img and cdboot.img in its root
     * @param modules without suffix; their dependencies are added
     * @param prefix directory of grub.cfg and further modules
     * @param config commands to run before anything else, or empty
     * @param lzma writes a raw LZMA1 stream with lc 3, lp 0, pb 2
     */
    public static CoreImage build(
            FileTree directory, List<String> modules, String prefix, String config, BlockCompressor lzma)
            throws IOException {
        GrubDirectory grub = new GrubDirectory(directory);
        byte[] payload = Payload.build(grub, modules, prefix, config);
        byte[] compressed = lzma.compress(payload, 0, payload.length);
        byte[] decompressor = grub.file("lzma_decompress.img");
        if (decompressor.length > MAX_DECOMPRESSOR || decompressor.length < 16) {
            throw new FormatException("GRUB lzma_decompress.img", 0, "%d bytes".formatted(decompressor.length));
        }
        int body = Math.addExact(decompressor.length, compressed.length);
        if (body > MAX_BODY) {
            throw new LimitException(
                    NAME,
                    String.join(" ", modules),
                    "%d bytes, but a BIOS leaves room for %d".formatted(body, MAX_BODY));
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(grub.exactly("cdboot.img", CD_BOOT_SIZE));
        out.writeBytes(diskBoot(grub.exactly("diskboot.img", DISK_SECTOR), body));
        out.writeBytes(replace(
                decompressor,
                8,
                FieldWriter.littleEndian("GRUB lzma_decompress.img", 8)
                        .u32("compressed_size", compressed.length)
                        .u32("uncompressed_size", payload.length)));
        out.writeBytes(compressed);
        return new CoreImage(out.toByteArray());
    }

    /** As {@code grub-mkimage} writes it. */
    public byte[] bytes() {
        return bytes.clone();
    }

    public int size() {
        return bytes.length;
    }

    /**
     * The image for its position on the medium: first the block list of the disk path, then the boot info table of the
     * CD path with the checksum over it. The medium must have one more block after it, because GRUB reads that, too.
     *
     * @param blockLba first block, of 2048 bytes
     */
    public byte[] patchedFor(long blockLba) {
        byte[] patched = replace(
                bytes,
                BLOCK_LIST,
                FieldWriter.littleEndian("GRUB block list", 8).u64("start", blockLba * (CD_SECTOR / DISK_SECTOR) + 5));
        Arrays.fill(patched, BOOT_INFO, BOOT_INFO_END, (byte) 0);
        return replace(patched, BOOT_INFO, bootInfo(blockLba, bytes.length, sum(patched)));
    }

    static FieldWriter bootInfo(long blockLba, long length, long checksum) {
        return FieldWriter.littleEndian("El Torito boot info table", BOOT_INFO_END - BOOT_INFO)
                .u32("bi_pvd", VOLUME_DESCRIPTOR_BLOCK)
                .u32("bi_file", blockLba)
                .u32("bi_length", length)
                .u32("bi_csum", checksum)
                .zeros("bi_reserved", 40);
    }

    /** Sum of the little-endian words from the end of the boot info table on, the last one padded with zeros. */
    private static long sum(byte[] image) {
        long sum = 0;
        for (int i = BOOT_INFO_END; i < image.length; i++) {
            sum += (long) Byte.toUnsignedInt(image[i]) << (8 * (i & 3));
        }
        return sum & 0xffff_ffffL;
    }

    private static byte[] diskBoot(byte[] template, int body) throws FormatException {
        FieldReader in = FieldReader.littleEndian("GRUB diskboot.img", template, 0);
        in.bytes("code", SECTOR_COUNT + 2);
        in.expectU16("segment", LOAD_SEGMENT);
        return replace(
                template,
                SECTOR_COUNT,
                FieldWriter.littleEndian("GRUB diskboot.img", 2)
                        .u16("sector_count", (body + DISK_SECTOR - 1) / DISK_SECTOR));
    }

    static byte[] replace(byte[] original, int at, FieldWriter fields) {
        byte[] copy = original.clone();
        byte[] encoded = fields.toBytes();
        System.arraycopy(encoded, 0, copy, at, encoded.length);
        return copy;
    }
}
