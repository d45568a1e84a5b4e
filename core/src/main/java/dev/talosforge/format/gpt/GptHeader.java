package dev.talosforge.format.gpt;

import dev.talosforge.bytes.FieldReader;
import dev.talosforge.bytes.FieldWriter;
import dev.talosforge.bytes.FormatException;
import java.util.Arrays;
import java.util.UUID;
import java.util.zip.CRC32;

/**
 * The 92 bytes in sector 1, repeated in the last sector.
 *
 * <p>Specification: UEFI 5.3.2, "GPT Header"; little-endian. All positions are sectors.
 *
 * @param entriesCrc CRC-32 of the whole entry array
 */
record GptHeader(
        long myLba,
        long alternateLba,
        long firstUsableLba,
        long lastUsableLba,
        UUID disk,
        long entriesLba,
        long entryCount,
        long entrySize,
        long entriesCrc) {
    static final int SIZE = 92;

    /** "EFI PART" as a little-endian number. */
    static final long SIGNATURE = 0x5452415020494645L;

    private static final long REVISION = 0x00010000;
    private static final int CRC_OFFSET = 16;
    private static final String NAME = "GPT header";

    static GptHeader read(byte[] bytes, long at) throws FormatException {
        FieldReader in = FieldReader.littleEndian(NAME, bytes, at);
        long signature = in.u64("Signature");
        if (signature != SIGNATURE) {
            throw new FormatException(NAME, at, "not a GPT: signature is 0x%016x".formatted(signature));
        }
        in.expectU32("Revision", REVISION);
        in.expectU32("HeaderSize", SIZE);
        long crc = in.u32("HeaderCRC32");
        long computed = crcOf(bytes);
        if (crc != computed) {
            throw new FormatException(
                    NAME, at + CRC_OFFSET, "HeaderCRC32 is 0x%08x; the header's is 0x%08x".formatted(crc, computed));
        }
        in.u32("Reserved");
        return new GptHeader(
                in.u64("MyLBA"),
                in.u64("AlternateLBA"),
                in.u64("FirstUsableLBA"),
                in.u64("LastUsableLBA"),
                Guid.read(in.bytes("DiskGUID", Guid.SIZE)),
                in.u64("PartitionEntryLBA"),
                in.u32("NumberOfPartitionEntries"),
                in.u32("SizeOfPartitionEntry"),
                in.u32("PartitionEntryArrayCRC32"));
    }

    FieldWriter encode() {
        return encode(crcOf(encode(0).toBytes()));
    }

    private FieldWriter encode(long crc) {
        return FieldWriter.littleEndian(NAME, SIZE)
                .u64("Signature", SIGNATURE)
                .u32("Revision", REVISION)
                .u32("HeaderSize", SIZE)
                .u32("HeaderCRC32", crc)
                .u32("Reserved", 0)
                .u64("MyLBA", myLba)
                .u64("AlternateLBA", alternateLba)
                .u64("FirstUsableLBA", firstUsableLba)
                .u64("LastUsableLBA", lastUsableLba)
                .bytes("DiskGUID", Guid.encode(disk))
                .u64("PartitionEntryLBA", entriesLba)
                .u32("NumberOfPartitionEntries", entryCount)
                .u32("SizeOfPartitionEntry", entrySize)
                .u32("PartitionEntryArrayCRC32", entriesCrc);
    }

    /** CRC of the header with its own field as zero. */
    private static long crcOf(byte[] header) {
        byte[] copy = header.clone();
        Arrays.fill(copy, CRC_OFFSET, CRC_OFFSET + 4, (byte) 0);
        CRC32 crc = new CRC32();
        crc.update(copy);
        return crc.getValue();
    }
}
