package dev.talosforge.pipeline.image;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.LimitException;
import dev.talosforge.bytes.NameBytes;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.engine.Store;
import dev.talosforge.pipeline.image.StoredTree.Part;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.Entry.Attributes;
import dev.talosforge.tree.FileTree;
import dev.talosforge.tree.SharedAttributes;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The record of a stored tree: written and read entry by entry, so that a large one takes no more memory than the tree.
 * A change of the format requires new revisions of the steps that write one.
 *
 * <pre>
 *   text    contents      sha256:…
 *   u32     parts         then of each: u64 end, text digest
 *   u32     entries       then of each, in walk order:
 *     u8    kind          the letter of find -type, h for a hard link
 *     text  path
 *     u16 mode, u64 uid, u64 gid, u64 time, text label, empty for none
 *     u64 size | text target | u32 major, u32 minor | nothing
 *
 *   text    u32 bytes, UTF-8
 * </pre>
 */
public final class TreeRecord {
    private static final String STRUCTURE = "stored tree";

    private static final int MAX_TEXT = 1 << 16;

    private final DataInputStream in;

    private final SharedAttributes shared = new SharedAttributes();

    private TreeRecord(DataInputStream in) {
        this.in = in;
    }

    /** Writes it. The same tree gives the same bytes. */
    public static void write(StoredTree tree, OutputStream to) throws IOException {
        DataOutputStream out = new DataOutputStream(to);
        text(tree.contents().toString(), out);
        out.writeInt(tree.parts().size());
        for (Part part : tree.parts()) {
            out.writeLong(part.end());
            text(part.digest().toString(), out);
        }
        out.writeInt(tree.tree().size());
        for (Entry entry : tree.tree().entries()) {
            write(entry, out);
        }
        out.flush();
    }

    private static void write(Entry entry, DataOutputStream out) throws IOException {
        out.writeByte(kind(entry));
        text(entry.path(), out);
        out.writeShort(entry.attributes().permissions());
        out.writeLong(entry.attributes().uid());
        out.writeLong(entry.attributes().gid());
        out.writeLong(entry.attributes().modified());
        String label = entry.attributes().label();
        text(label == null ? "" : label, out);
        switch (entry) {
            case Entry.Directory _, Entry.Fifo _ -> {}
            case Entry.RegularFile file -> out.writeLong(file.content().size());
            case Entry.HardLink link -> text(link.target(), out);
            case Entry.Symlink link -> text(link.target(), out);
            case Entry.CharDevice device -> device(device.major(), device.minor(), out);
            case Entry.BlockDevice device -> device(device.major(), device.minor(), out);
        }
    }

    private static char kind(Entry entry) {
        return switch (entry) {
            case Entry.Directory _ -> 'd';
            case Entry.RegularFile _ -> 'f';
            case Entry.HardLink _ -> 'h';
            case Entry.Symlink _ -> 'l';
            case Entry.CharDevice _ -> 'c';
            case Entry.BlockDevice _ -> 'b';
            case Entry.Fifo _ -> 'p';
        };
    }

    private static void device(int major, int minor, DataOutputStream out) throws IOException {
        out.writeInt(major);
        out.writeInt(minor);
    }

    private static void text(String text, DataOutputStream out) throws IOException {
        byte[] bytes = NameBytes.of(text);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /** The tree that {@link #write} described, or null if the store lacks its contents, or has others. */
    public static @Nullable StoredTree read(InputStream from, Store store) throws IOException {
        try {
            return read(new DataInputStream(from), store);
        } catch (IllegalArgumentException | IndexOutOfBoundsException | LimitException e) {
            throw new FormatException(STRUCTURE, 0, String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable StoredTree read(DataInputStream in, Store store) throws IOException {
        TreeRecord record = new TreeRecord(in);
        Sha256 contents = Sha256.parse(record.text());
        ByteSource blob = store.find(contents);
        List<Part> parts = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            parts.add(new Part(in.readLong(), Sha256.parse(record.text())));
        }
        if (blob == null
                || blob.size() != (parts.isEmpty() ? 0 : parts.getLast().end())) {
            return null;
        }
        StoredParts windows = new StoredParts(store, contents, parts);
        List<Entry> entries = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            entries.add(record.entry(windows));
        }
        return new StoredTree(contents, parts, FileTree.of(entries));
    }

    private Entry entry(StoredParts windows) throws IOException {
        char kind = (char) in.readUnsignedByte();
        String path = text();
        Attributes attributes = new Attributes(in.readUnsignedShort(), in.readLong(), in.readLong(), in.readLong());
        String label = text();
        attributes = shared.of(label.isEmpty() ? attributes : attributes.withLabel(label));
        return switch (kind) {
            case 'd' -> new Entry.Directory(path, attributes);
            case 'f' -> new Entry.RegularFile(path, attributes, windows.next(in.readLong()));
            case 'h' -> new Entry.HardLink(path, attributes, text());
            case 'l' -> new Entry.Symlink(path, attributes, text());
            case 'c' -> new Entry.CharDevice(path, attributes, in.readInt(), in.readInt());
            case 'b' -> new Entry.BlockDevice(path, attributes, in.readInt(), in.readInt());
            case 'p' -> new Entry.Fifo(path, attributes);
            default -> throw new FormatException(STRUCTURE, 0, "unknown kind " + (int) kind);
        };
    }

    private String text() throws IOException {
        int length = in.readInt();
        if (length < 0 || length > MAX_TEXT) {
            throw new FormatException(STRUCTURE, 0, "a text of %d bytes".formatted(length));
        }
        return NameBytes.text(in.readNBytes(length));
    }
}
