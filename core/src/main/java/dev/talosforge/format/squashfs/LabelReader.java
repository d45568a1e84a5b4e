package dev.talosforge.format.squashfs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FieldReader;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.tree.Entry.Attributes;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Looks up the labels of an image's inodes; skips other extended attributes. Not thread-safe. */
final class LabelReader {
    private static final String TABLE = "squashfs xattr table";
    private static final String VALUE = "squashfs xattr value";
    private static final int PER_BLOCK = MetadataWriter.BLOCK / XattrSet.SIZE;

    /** Linux' limit for a value, in bytes. */
    private static final int MAX_VALUE = 1 << 16;

    /**
     * Limit for the names and values read from one image, in bytes: shared by many sets, they may add up to many times
     * the image.
     */
    private static final long MAX_READ = 1 << 26;

    private final ByteSource image;
    private final MetadataReader metadata;
    private final long table;
    private final long end;
    private final XattrHeader header;

    private long left = MAX_READ;

    /** By index; looked up only, never iterated. */
    private final Map<Long, @Nullable String> known = new HashMap<>();

    private LabelReader(ByteSource image, MetadataReader metadata, long table, long end, XattrHeader header) {
        this.image = image;
        this.metadata = metadata;
        this.table = table;
        this.end = end;
        this.header = header;
    }

    static LabelReader open(ByteSource image, Superblock superblock, MetadataReader metadata) throws IOException {
        long table = superblock.xattrTable();
        long end = superblock.bytesUsed();
        if (table == Superblock.ABSENT) {
            return new LabelReader(image, metadata, 0, end, new XattrHeader(0, 0));
        }
        if (table < Superblock.SIZE || table > end - XattrHeader.SIZE) {
            throw new FormatException(
                    "squashfs superblock",
                    56,
                    "xattr_id_table_start is %d, but the image ends at %d".formatted(table, end));
        }
        XattrHeader header = XattrHeader.read(image.read(TABLE, table, XattrHeader.SIZE), table);
        if (header.start() < Superblock.SIZE || header.start() > table) {
            throw new FormatException(
                    TABLE, table, "xattr_table_start is %d, but the table is at %d".formatted(header.start(), table));
        }
        return new LabelReader(image, metadata, table, end, header);
    }

    /** Null if the inode has none, or one that no kernel accepts. */
    @Nullable
    String label(long index, long inode) throws IOException {
        if (index == Inode.NO_XATTR) {
            return null;
        }
        if (index >= header.sets()) {
            throw new FormatException("squashfs inode", inode, "xattr is %d of %d".formatted(index, header.sets()));
        }
        if (!known.containsKey(index)) {
            known.put(index, read(set(index)));
        }
        return known.get(index);
    }

    private XattrSet set(long index) throws IOException {
        long at = table + XattrHeader.SIZE + index / PER_BLOCK * Long.BYTES;
        if (at > end - Long.BYTES) {
            throw new FormatException(TABLE, table, "%d sets, but the image ends at %d".formatted(header.sets(), end));
        }
        long block = FieldReader.littleEndian(TABLE, image.read(TABLE, at, Long.BYTES), at)
                .u64("position");
        int offset = (int) (index % PER_BLOCK) * XattrSet.SIZE;
        return XattrSet.read(
                metadata.at(new MetadataReader.Place(block, offset)).read(XattrSet.SIZE), block);
    }

    private @Nullable String read(XattrSet set) throws IOException {
        MetadataReader.Cursor cursor = at(set.reference());
        for (long count = set.count(); count > 0; count--) {
            XattrName name = XattrName.read(take(cursor, XattrName.SIZE), cursor.position());
            String text = new String(take(cursor, name.length()), ISO_8859_1);
            byte[] value = value(cursor);
            if (name.isSecurity() && text.equals(LabelTable.NAME)) {
                value = name.isElsewhere() ? elsewhere(value, cursor.position()) : value;
                return value.length == 0 || value.length > Attributes.MAX_LABEL ? null : new String(value, ISO_8859_1);
            }
        }
        return null;
    }

    /** Equal values are stored once, at their first occurrence. */
    private byte[] elsewhere(byte[] reference, long at) throws IOException {
        if (reference.length != Long.BYTES) {
            throw new FormatException(VALUE, at, "a reference of %d bytes".formatted(reference.length));
        }
        return value(at(FieldReader.littleEndian(VALUE, reference, at).u64("reference")));
    }

    private MetadataReader.Cursor at(long reference) throws IOException {
        long block = header.start() + (reference >>> 16);
        if (block >= table) {
            throw new FormatException(TABLE, block, "is not before the table, which is at %d".formatted(table));
        }
        return metadata.at(new MetadataReader.Place(block, (int) (reference & 0xffff)));
    }

    private byte[] value(MetadataReader.Cursor cursor) throws IOException {
        long at = cursor.position();
        long size =
                FieldReader.littleEndian(VALUE, take(cursor, Integer.BYTES), at).u32("vsize");
        if (size > MAX_VALUE) {
            throw new FormatException(VALUE, at, "a value of %d bytes".formatted(size));
        }
        return take(cursor, (int) size);
    }

    private byte[] take(MetadataReader.Cursor cursor, int size) throws IOException {
        left -= size;
        if (left < 0) {
            throw new FormatException(TABLE, table, "more than %d bytes of names and values".formatted(MAX_READ));
        }
        return cursor.read(size);
    }
}
