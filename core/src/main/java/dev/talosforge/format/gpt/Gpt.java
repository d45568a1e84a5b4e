package dev.talosforge.format.gpt;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32;

/**
 * A GUID partition table with 128 entries, written at the start of a disk and again at its end.
 *
 * <pre>
 *   LBA 0            protective MBR
 *   LBA 1            header
 *   LBA 2..          128 entries of 128 bytes (32 sectors of 512 bytes, 4 of 4096)
 *   ...              partitions
 *   last - entries   the entries again
 *   last LBA         header again, pointing at these
 * </pre>
 *
 * <p>Specification: UEFI 5.3.
 *
 * @param sectorSize in bytes, 512 or 4096
 * @param sectorCount of the whole disk
 * @param firstUsableLba first sector for partitions; not before the end of the entries
 * @param disk the disk's own GUID
 */
public record Gpt(int sectorSize, long sectorCount, long firstUsableLba, UUID disk, List<GptPartition> partitions) {
    /** Entries in the array, used or not. */
    public static final int ENTRY_COUNT = 128;

    private static final int ENTRIES_SIZE = ENTRY_COUNT * GptPartition.SIZE;
    private static final long MAX_ENTRIES_SIZE = 1 << 20;
    private static final String NAME = "GPT";

    public Gpt {
        partitions = List.copyOf(partitions);
        if (sectorSize != 512 && sectorSize != 4096) {
            throw new IllegalArgumentException("a GPT sector has 512 or 4096 bytes: " + sectorSize);
        }
        if (partitions.size() > ENTRY_COUNT) {
            throw new IllegalArgumentException("GPT with %d partitions".formatted(partitions.size()));
        }
        long lastUsable = sectorCount - 2 - ENTRIES_SIZE / sectorSize;
        if (firstUsableLba < 2 + ENTRIES_SIZE / sectorSize || firstUsableLba > lastUsable) {
            throw new IllegalArgumentException(
                    "GPT of %d sectors, usable from %d".formatted(sectorCount, firstUsableLba));
        }
        long free = firstUsableLba;
        for (GptPartition partition : partitions.stream()
                .sorted(java.util.Comparator.comparingLong(GptPartition::firstLba))
                .toList()) {
            if (partition.firstLba() < free || partition.lastLba() > lastUsable) {
                throw new IllegalArgumentException(
                        "GPT partition %s from %d to %d is outside %d to %d or overlaps another one"
                                .formatted(
                                        partition.name(),
                                        partition.firstLba(),
                                        partition.lastLba(),
                                        firstUsableLba,
                                        lastUsable));
            }
            free = partition.lastLba() + 1;
        }
    }

    /** Sectors at the start outside partitions: MBR, header, entries. */
    public static long leadingSectors(int sectorSize) {
        return 2L + ENTRIES_SIZE / sectorSize;
    }

    /** Sectors at the end: entries, header. */
    public static long trailingSectors(int sectorSize) {
        return 1L + ENTRIES_SIZE / sectorSize;
    }

    public long lastLba() {
        return sectorCount - 1;
    }

    public long lastUsableLba() {
        return lastLba() - trailingSectors(sectorSize);
    }

    /**
     * The disk's start, {@link #leadingSectors} long.
     *
     * @param bootSector its first 446 bytes are kept: boot code and disk signature; empty for none
     */
    public byte[] leading(byte[] bootSector) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(ProtectiveMbr.encode(Arrays.copyOf(bootSector, ProtectiveMbr.CODE_SIZE), lastLba())
                .toBytes());
        out.writeBytes(new byte[sectorSize - ProtectiveMbr.SIZE]);
        out.writeBytes(headerSector(new Place(1, lastLba(), 2)));
        out.writeBytes(entries());
        return out.toByteArray();
    }

    /** The disk's end, {@link #trailingSectors} long. */
    public byte[] trailing() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(entries());
        out.writeBytes(headerSector(new Place(lastLba(), 1, lastUsableLba() + 1)));
        return out.toByteArray();
    }

    /**
     * Reads and checks both copies: checksums, positions, and that they agree.
     *
     * @param sectorSize in bytes, 512 or 4096
     */
    public static Gpt read(ByteSource image, int sectorSize) throws IOException {
        ProtectiveMbr.check(image.read("protective MBR", 0, ProtectiveMbr.SIZE));
        Gpt primary = read(image, sectorSize, 1);
        Gpt backup = read(image, sectorSize, primary.lastLba());
        if (!primary.equals(backup)) {
            throw new FormatException(
                    NAME, primary.lastLba() * sectorSize, "the copy at the end differs from the one at the start");
        }
        return primary;
    }

    private static Gpt read(ByteSource image, int sectorSize, long lba) throws IOException {
        long at = Math.multiplyExact(lba, (long) sectorSize);
        GptHeader header = GptHeader.read(image.read("GPT header", at, GptHeader.SIZE), at);
        long end = image.size() / sectorSize;
        if (header.myLba() != lba || header.entriesLba() < 2 || header.entriesLba() >= end) {
            throw new FormatException(
                    NAME,
                    at,
                    "the header in sector %d says it is in %d and its entries in %d"
                            .formatted(lba, header.myLba(), header.entriesLba()));
        }
        long last = lba == 1 ? header.alternateLba() : header.myLba();
        if (last <= 1 || last >= end) {
            throw new FormatException(NAME, at, "ends in sector %d; the image has %d".formatted(last, end));
        }
        if (header.entrySize() != GptPartition.SIZE || header.entryCount() * GptPartition.SIZE > MAX_ENTRIES_SIZE) {
            throw new FormatException(
                    NAME,
                    at,
                    "unsupported GPT: %d entries of %d bytes".formatted(header.entryCount(), header.entrySize()));
        }
        long entriesAt = header.entriesLba() * sectorSize;
        byte[] entries = image.read("GPT entries", entriesAt, (int) (header.entryCount() * GptPartition.SIZE));
        if (crc(entries) != header.entriesCrc()) {
            throw new FormatException(
                    NAME,
                    entriesAt,
                    "CRC-32 of the entries is 0x%08x; the header says 0x%08x"
                            .formatted(crc(entries), header.entriesCrc()));
        }
        List<GptPartition> partitions = new ArrayList<>();
        for (int i = 0; i < header.entryCount(); i++) {
            byte[] entry = Arrays.copyOfRange(entries, i * GptPartition.SIZE, (i + 1) * GptPartition.SIZE);
            if (!Guid.read(Arrays.copyOf(entry, Guid.SIZE)).equals(Guid.NONE)) {
                partitions.add(GptPartition.read(entry, entriesAt + (long) i * GptPartition.SIZE));
            }
        }
        try {
            return new Gpt(sectorSize, last + 1, header.firstUsableLba(), header.disk(), partitions);
        } catch (IllegalArgumentException e) {
            throw new FormatException(NAME, at, "" + e.getMessage());
        }
    }

    private record Place(long myLba, long alternateLba, long entriesLba) {}

    private byte[] headerSector(Place place) {
        byte[] header = new GptHeader(
                        place.myLba,
                        place.alternateLba,
                        firstUsableLba,
                        lastUsableLba(),
                        disk,
                        place.entriesLba,
                        ENTRY_COUNT,
                        GptPartition.SIZE,
                        crc(entries()))
                .encode()
                .toBytes();
        return Arrays.copyOf(header, sectorSize);
    }

    private byte[] entries() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(ENTRIES_SIZE);
        for (GptPartition partition : partitions) {
            out.writeBytes(partition.encode().toBytes());
        }
        return Arrays.copyOf(out.toByteArray(), ENTRIES_SIZE);
    }

    private static long crc(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return crc.getValue();
    }
}
