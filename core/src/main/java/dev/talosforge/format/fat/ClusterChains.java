package dev.talosforge.format.fat;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Follows chains through the allocation table. No cluster is followed twice, so this always terminates. */
final class ClusterChains {
    private static final String NAME = "FAT allocation table";
    private static final int WINDOW = 1 << 16;

    private final ByteSource image;
    private final BootSector.Parsed boot;
    private final BitSet used = new BitSet();
    private ByteBuffer window = ByteBuffer.allocate(0);
    private long windowStart = -1;

    ClusterChains(ByteSource image, BootSector.Parsed boot) {
        this.image = image;
        this.boot = boot;
    }

    /** A chain up to its end mark, as for a directory. */
    List<ByteSource> whole(long first, long limit) throws IOException {
        return follow(first, limit, false);
    }

    /** The first {@code size} bytes of a chain, as for a file; later clusters are ignored. */
    List<ByteSource> exactly(long first, long size) throws IOException {
        return size == 0 ? List.of() : follow(first, size, true);
    }

    private List<ByteSource> follow(long first, long bytes, boolean exact) throws IOException {
        List<ByteSource> parts = new ArrayList<>();
        long left = bytes;
        long runStart = first;
        long runBytes = 0;
        long cluster = first;
        while (true) {
            claim(cluster);
            long here = Math.min(left, boot.clusterBytes());
            runBytes += here;
            left -= here;
            long next = exact && left == 0 ? endMark() : entry(cluster);
            boolean ends = next >= endMark();
            if (ends && exact && left > 0) {
                throw broken(cluster, "the chain ends %d bytes before the file".formatted(left));
            }
            if (!ends && left == 0) {
                throw broken(cluster, "the chain is longer than %d bytes".formatted(bytes));
            }
            if (ends || next != cluster + 1) {
                parts.add(image.slice(offsetOf(runStart), runBytes));
                runStart = next;
                runBytes = 0;
            }
            if (ends) {
                return parts;
            }
            cluster = next;
        }
    }

    private void claim(long cluster) throws FormatException {
        if (cluster < FatGeometry.FIRST_CLUSTER || cluster >= boot.clusters() + FatGeometry.FIRST_CLUSTER) {
            throw broken(cluster, "there is no cluster " + cluster);
        }
        if (used.get((int) cluster)) {
            throw broken(cluster, "cluster %d belongs to two files".formatted(cluster));
        }
        used.set((int) cluster);
    }

    private long offsetOf(long cluster) {
        return boot.dataOffset() + (cluster - FatGeometry.FIRST_CLUSTER) * boot.clusterBytes();
    }

    /** Bad and reserved marks are below this value and refused as nonexistent clusters. */
    private long endMark() {
        return boot.type() == FatType.FAT32 ? 0x0FFFFFF8L : 0xFFF8L;
    }

    private long entry(long cluster) throws IOException {
        int width = boot.type() == FatType.FAT32 ? 4 : 2;
        long at = cluster * width;
        long start = at / WINDOW * WINDOW;
        if (start != windowStart) {
            int length = (int) Math.min(WINDOW, boot.tableBytes() - start);
            window = ByteBuffer.wrap(image.read(NAME, boot.tableOffset() + start, length))
                    .order(ByteOrder.LITTLE_ENDIAN);
            windowStart = start;
        }
        int offset = (int) (at - start);
        return width == 4 ? window.getInt(offset) & 0x0FFFFFFFL : Short.toUnsignedLong(window.getShort(offset));
    }

    private FormatException broken(long cluster, String what) {
        return new FormatException(NAME, boot.tableOffset() + cluster * (boot.type() == FatType.FAT32 ? 4 : 2), what);
    }
}
