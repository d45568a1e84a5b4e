package dev.talosforge.format.gpt;

import dev.talosforge.bytes.FieldReader;
import dev.talosforge.bytes.FieldWriter;
import dev.talosforge.bytes.FormatException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/**
 * GUIDs as a partition table stores them: the first three groups little-endian, the last two in written order.
 *
 * <p>Specification: UEFI, appendix A.
 */
public final class Guid {
    /** EFI system partition. */
    public static final UUID EFI_SYSTEM = UUID.fromString("c12a7328-f81f-11d2-ba4b-00a0c93ec93b");

    /** BIOS boot partition: holds GRUB's core image. */
    public static final UUID BIOS_BOOT = UUID.fromString("21686148-6449-6e6f-744e-656564454649");

    /** Linux file system data. */
    public static final UUID LINUX_DATA = UUID.fromString("0fc63daf-8483-4772-8e79-3d69d8477de4");

    /** Basic data: a file system that firmware or another system may read. */
    public static final UUID BASIC_DATA = UUID.fromString("ebd0a0a2-b9e5-4433-87c0-68b6b72699c7");

    static final UUID NONE = new UUID(0, 0);
    static final int SIZE = 16;

    private Guid() {}

    /**
     * The first 16 bytes of the SHA-256 of {@code seed}, marked as version 8 of RFC 9562: the same seed, the same GUID.
     */
    public static UUID ofSeed(byte[] seed) {
        ByteBuffer digest = ByteBuffer.wrap(sha256(seed));
        long high = (digest.getLong() & 0xffff_ffff_ffff_0fffL) | 0x8000;
        long low = (digest.getLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }

    static byte[] encode(UUID guid) {
        long high = guid.getMostSignificantBits();
        byte[] tail =
                ByteBuffer.allocate(8).putLong(guid.getLeastSignificantBits()).array();
        return FieldWriter.littleEndian("GUID", SIZE)
                .u32("time_low", high >>> 32)
                .u16("time_mid", (int) (high >>> 16 & 0xffff))
                .u16("time_hi_and_version", (int) (high & 0xffff))
                .bytes("clock_seq_and_node", tail)
                .toBytes();
    }

    static UUID read(byte[] bytes) throws FormatException {
        FieldReader in = FieldReader.littleEndian("GUID", bytes, 0);
        long high = in.u32("time_low") << 32 | (long) in.u16("time_mid") << 16 | in.u16("time_hi_and_version");
        long low = ByteBuffer.wrap(in.bytes("clock_seq_and_node", 8)).getLong();
        return new UUID(high, low);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
