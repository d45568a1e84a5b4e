package dev.talosforge.format.squashfs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.talosforge.bytes.FieldWriter;
import dev.talosforge.tree.Entry.Attributes;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The distinct labels of an image's inodes, in order: an inode holds the index. */
final class LabelTable {
    /** {@link Attributes#LABEL} without its prefix. */
    static final String NAME = "selinux";

    private final SortedMap<String, Integer> indexes;

    private LabelTable(SortedMap<String, Integer> indexes) {
        this.indexes = indexes;
    }

    static LabelTable of(List<Node> nodes) {
        TreeMap<String, Integer> indexes = new TreeMap<>();
        for (Node node : nodes) {
            if (node.attributes.label() != null) {
                indexes.put(node.attributes.label(), 0);
            }
        }
        int next = 0;
        for (String label : List.copyOf(indexes.keySet())) {
            indexes.put(label, next++);
        }
        return new LabelTable(indexes);
    }

    boolean isEmpty() {
        return indexes.isEmpty();
    }

    long index(@Nullable String label) {
        Integer index = label == null ? null : indexes.get(label);
        return index == null ? Inode.NO_XATTR : index;
    }

    /** Writes names and values; returns their positions, by index. */
    List<XattrSet> write(MetadataWriter pairs) {
        List<XattrSet> sets = new ArrayList<>();
        for (String label : indexes.keySet()) {
            byte[] value = label.getBytes(ISO_8859_1);
            long reference = (pairs.blockStart() << 16) | pairs.offset();
            sets.add(new XattrSet(reference, 1, Attributes.LABEL.length() + 1 + value.length));
            pairs.write(
                    new XattrName(XattrName.SECURITY, NAME.length()).encode().toBytes());
            pairs.write(NAME.getBytes(ISO_8859_1));
            pairs.write(FieldWriter.littleEndian("squashfs xattr value", Integer.BYTES)
                    .u32("vsize", value.length)
                    .toBytes());
            pairs.write(value);
        }
        return sets;
    }
}
