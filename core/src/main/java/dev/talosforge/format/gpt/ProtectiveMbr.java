package dev.talosforge.format.gpt;

import dev.talosforge.bytes.FieldReader;
import dev.talosforge.bytes.FieldWriter;
import dev.talosforge.bytes.FormatException;

/**
 * Sector 0 of a disk with a GPT: boot code for a BIOS, and one partition that covers the disk, so that older tools
 * leave it alone.
 *
 * <p>Specification: UEFI 5.2.3, "Protective MBR"; 512 bytes, little-endian.
 */
final class ProtectiveMbr {
    static final int SIZE = 512;

    /** Boot code and disk signature, in bytes. */
    static final int CODE_SIZE = 446;

    static final int TYPE = 0xee;
    private static final int BOOT_SIGNATURE = 0xaa55;
    private static final String NAME = "protective MBR";
    private static final int[] START_CHS = {0x00, 0x02, 0x00};

    private ProtectiveMbr() {}

    /**
     * The sector.
     *
     * @param code {@value #CODE_SIZE} bytes before the partition table
     * @param lastLba of the disk; a larger value than 32 bits is written as 0xffffffff
     */
    static FieldWriter encode(byte[] code, long lastLba) {
        if (code.length != CODE_SIZE) {
            throw new IllegalArgumentException("boot code of %d bytes".formatted(code.length));
        }
        return FieldWriter.littleEndian(NAME, SIZE)
                .bytes("BootCode", code)
                .u8("BootIndicator", 0)
                .bytes("StartingCHS", new byte[] {(byte) START_CHS[0], (byte) START_CHS[1], (byte) START_CHS[2]})
                .u8("OSType", TYPE)
                .bytes("EndingCHS", new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff})
                .u32("StartingLBA", 1)
                .u32("SizeInLBA", Math.min(lastLba, 0xffff_ffffL))
                .zeros("OtherEntries", 48)
                .u16("Signature", BOOT_SIGNATURE);
    }

    /** Requires a boot sector with a protective entry. */
    static void check(byte[] sector) throws FormatException {
        FieldReader in = FieldReader.littleEndian(NAME, sector, 0);
        in.bytes("BootCode", CODE_SIZE);
        boolean found = false;
        for (int i = 0; i < 4; i++) {
            in.bytes("BootIndicator, StartingCHS", 4);
            found |= in.u8("OSType") == TYPE;
            in.bytes("EndingCHS, StartingLBA, SizeInLBA", 11);
        }
        int signature = in.u16("Signature");
        if (signature != BOOT_SIGNATURE || !found) {
            throw new FormatException(NAME, CODE_SIZE, "not a GPT: no boot sector with a partition of type 0xee");
        }
    }
}
