package dev.talosforge.format.iso9660;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** Blocks for system use entries that do not fit in their directory record. An area never crosses a block. */
final class ContinuationAreas {
    private final long firstBlock;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** {@code firstBlock}: where the areas will start, in blocks of 2048 bytes. */
    ContinuationAreas(long firstBlock) {
        this.firstBlock = firstBlock;
    }

    /**
     * Distributes entries over a record and, if it is too small, over areas.
     *
     * @param room in the record, in bytes
     * @return the entries for the record
     */
    byte[] spread(List<byte[]> entries, int room) {
        ByteArrayOutputStream own = new ByteArrayOutputStream();
        List<byte[]> rest = new ArrayList<>(entries);
        int left = rest.stream().mapToInt(e -> e.length).sum();
        boolean all = left <= room;
        int most = all ? room : room - RockRidge.CE_SIZE;
        while (!rest.isEmpty() && own.size() + rest.getFirst().length <= most) {
            own.writeBytes(rest.removeFirst());
        }
        if (!all) {
            own.writeBytes(area(rest));
        }
        return own.toByteArray();
    }

    /** Puts entries in a separate area and returns the entry that points to it. */
    private byte[] area(List<byte[]> entries) {
        byte[] content = spread(entries, VolumeDescriptors.BLOCK);
        int inBlock = bytes.size() % VolumeDescriptors.BLOCK;
        if (inBlock + content.length > VolumeDescriptors.BLOCK) {
            bytes.writeBytes(new byte[VolumeDescriptors.BLOCK - inBlock]);
        }
        long block = firstBlock + bytes.size() / VolumeDescriptors.BLOCK;
        int offset = bytes.size() % VolumeDescriptors.BLOCK;
        bytes.writeBytes(content);
        return RockRidge.continuation(block, offset, content.length).toBytes();
    }

    byte[] toBytes() {
        return bytes.toByteArray();
    }
}
