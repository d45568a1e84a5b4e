package dev.talosforge.format.gpt;

import dev.talosforge.bytes.FieldReader;
import dev.talosforge.bytes.FieldWriter;
import dev.talosforge.bytes.FormatException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * One partition entry, 128 bytes.
 *
 * <p>Specification: UEFI 5.3.3, "GPT Partition Entry Array"; little-endian.
 *
 * @param id this partition's own GUID
 * @param firstLba first sector
 * @param lastLba last sector, inclusive
 * @param attributes 64 bits; bit 2 is "legacy BIOS bootable"
 * @param name at most 36 UTF-16 code units
 */
public record GptPartition(UUID type, UUID id, long firstLba, long lastLba, long attributes, String name) {
    /** In bytes. */
    static final int SIZE = 128;

    static final int NAME_SIZE = 72;

    /** Attribute bit: a BIOS boot loader starts from this partition. */
    public static final long LEGACY_BIOS_BOOTABLE = 1L << 2;

    private static final String STRUCTURE = "GPT partition entry";

    public GptPartition {
        if (name.length() * 2 > NAME_SIZE || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("GPT partition name has more than 36 characters or a NUL: " + name);
        }
        if (firstLba < 0 || lastLba < firstLba) {
            throw new IllegalArgumentException("GPT partition %s from %d to %d".formatted(name, firstLba, lastLba));
        }
    }

    /** In sectors. */
    public long sectorCount() {
        return lastLba - firstLba + 1;
    }

    static GptPartition read(byte[] bytes, long at) throws FormatException {
        FieldReader in = FieldReader.littleEndian(STRUCTURE, bytes, at);
        UUID type = Guid.read(in.bytes("PartitionTypeGUID", Guid.SIZE));
        UUID id = Guid.read(in.bytes("UniquePartitionGUID", Guid.SIZE));
        long first = in.u64("StartingLBA");
        long last = in.u64("EndingLBA");
        if (first < 0 || last < first) {
            throw new FormatException(
                    STRUCTURE,
                    at + 32,
                    "runs from sector %s to %s".formatted(Long.toUnsignedString(first), Long.toUnsignedString(last)));
        }
        long attributes = in.u64("Attributes");
        String padded = new String(in.bytes("PartitionName", NAME_SIZE), StandardCharsets.UTF_16LE);
        int end = padded.indexOf('\0');
        return new GptPartition(type, id, first, last, attributes, end < 0 ? padded : padded.substring(0, end));
    }

    FieldWriter encode() {
        byte[] units = name.getBytes(StandardCharsets.UTF_16LE);
        byte[] padded = new byte[NAME_SIZE];
        System.arraycopy(units, 0, padded, 0, units.length);
        return FieldWriter.littleEndian(STRUCTURE, SIZE)
                .bytes("PartitionTypeGUID", Guid.encode(type))
                .bytes("UniquePartitionGUID", Guid.encode(id))
                .u64("StartingLBA", firstLba)
                .u64("EndingLBA", lastLba)
                .u64("Attributes", attributes)
                .bytes("PartitionName", padded);
    }
}
