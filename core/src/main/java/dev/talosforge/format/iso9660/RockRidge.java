package dev.talosforge.format.iso9660;

import dev.talosforge.bytes.FieldWriter;
import dev.talosforge.bytes.LimitException;
import dev.talosforge.bytes.NameBytes;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.Entry.Attributes;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * POSIX names, owners, modes and links, as entries of the system use field. SUSP 1.12 (IEEE P1281) and RRIP 1.10
 * (IEEE P1282): each has a signature of two letters, its length, version 1, and its fields in both byte orders.
 */
final class RockRidge {
    static final int S_IFIFO = 0010000;
    static final int S_IFCHR = 0020000;
    static final int S_IFDIR = 0040000;
    static final int S_IFBLK = 0060000;
    static final int S_IFREG = 0100000;
    static final int S_IFLNK = 0120000;
    static final int S_IFMT = 0170000;

    /** The name continues in the next entry; also for symbolic links and their components. */
    static final int CONTINUE = 1;

    static final int CURRENT = 2;
    static final int PARENT = 4;
    static final int ROOT = 8;
    static final int CE_SIZE = 28;

    /** An entry's length is one byte. */
    private static final int MAX_CONTENT = 255 - 5;

    /** Modification, access and attribute change, each in the short form. */
    private static final int TIMES = 0x0E;

    private RockRidge() {}

    /** Announces the entries; comes first in the root's own record. */
    static byte[] sharingProtocol() {
        return entry("SP", 7)
                .u8("check_1", 0xBE)
                .u8("check_2", 0xEF)
                .u8("skipped", 0)
                .toBytes();
    }

    /** Names the protocol, with the texts that RRIP 1.10 prescribes. */
    static byte[] extensionReference() {
        String id = "RRIP_1991A";
        String description = "THE ROCK RIDGE INTERCHANGE PROTOCOL PROVIDES SUPPORT FOR POSIX FILE SYSTEM SEMANTICS";
        String source = "PLEASE CONTACT DISC PUBLISHER FOR SPECIFICATION SOURCE.  SEE PUBLISHER IDENTIFIER IN PRIMARY"
                + " VOLUME DESCRIPTOR FOR CONTACT INFORMATION.";
        return entry("ER", 8 + id.length() + description.length() + source.length())
                .u8("identifier_length", id.length())
                .u8("descriptor_length", description.length())
                .u8("source_length", source.length())
                .u8("extension_version", 1)
                .text("identifier", id, id.length(), ' ')
                .text("descriptor", description, description.length(), ' ')
                .text("source", source, source.length(), ' ')
                .toBytes();
    }

    static FieldWriter continuation(long block, int offset, int length) {
        return entry("CE", CE_SIZE)
                .both32("block", block)
                .both32("offset", offset)
                .both32("length", length);
    }

    static FieldWriter attributes(int mode, int links, Attributes attributes, String path) throws LimitException {
        if (attributes.uid() >>> 32 != 0 || attributes.gid() >>> 32 != 0) {
            throw new LimitException(
                    "ISO 9660",
                    path,
                    "owner %d:%d has more than 32 bits".formatted(attributes.uid(), attributes.gid()));
        }
        return entry("PX", 36)
                .both32("mode", mode | attributes.permissions())
                .both32("links", links)
                .both32("uid", attributes.uid())
                .both32("gid", attributes.gid());
    }

    static FieldWriter times(byte[] modified) {
        return entry("TF", 26)
                .u8("flags", TIMES)
                .bytes("modify", modified)
                .bytes("access", modified)
                .bytes("attributes", modified);
    }

    /** As many NM entries as needed. */
    static List<byte[]> name(String name) {
        List<byte[]> entries = new ArrayList<>();
        byte[] bytes = NameBytes.of(name);
        for (int at = 0; at < bytes.length; at += MAX_CONTENT) {
            byte[] part = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + MAX_CONTENT));
            boolean more = at + MAX_CONTENT < bytes.length;
            entries.add(entry("NM", 5 + part.length)
                    .u8("flags", more ? CONTINUE : 0)
                    .bytes("name", part)
                    .toBytes());
        }
        return entries;
    }

    /** As many SL entries as needed. They cannot represent a double or trailing slash, so it is dropped. */
    static List<byte[]> link(Entry.Symlink link) throws LimitException {
        List<byte[]> components = new ArrayList<>();
        if (link.target().startsWith("/")) {
            components.add(component(ROOT, new byte[0]));
        }
        for (String name : link.target().split("/", -1)) {
            switch (name) {
                case "" -> {}
                case "." -> components.add(component(CURRENT, new byte[0]));
                case ".." -> components.add(component(PARENT, new byte[0]));
                default -> addParts(components, NameBytes.of(name));
            }
        }
        if (components.isEmpty()) {
            throw new LimitException("ISO 9660", link.path(), "an empty link target");
        }
        List<byte[]> contents = new ArrayList<>();
        ByteArrayOutputStream current = new ByteArrayOutputStream();
        for (byte[] component : components) {
            if (current.size() + component.length > MAX_CONTENT) {
                contents.add(current.toByteArray());
                current.reset();
            }
            current.writeBytes(component);
        }
        contents.add(current.toByteArray());
        List<byte[]> entries = new ArrayList<>();
        for (int i = 0; i < contents.size(); i++) {
            entries.add(entry("SL", 5 + contents.get(i).length)
                    .u8("flags", i + 1 < contents.size() ? CONTINUE : 0)
                    .bytes("components", contents.get(i))
                    .toBytes());
        }
        return entries;
    }

    private static void addParts(List<byte[]> components, byte[] name) {
        int most = MAX_CONTENT - 2;
        for (int at = 0; at < name.length; at += most) {
            byte[] part = Arrays.copyOfRange(name, at, Math.min(name.length, at + most));
            components.add(component(at + most < name.length ? CONTINUE : 0, part));
        }
    }

    private static byte[] component(int flags, byte[] name) {
        return FieldWriter.littleEndian("Rock Ridge link component", 2 + name.length)
                .u8("flags", flags)
                .u8("length", name.length)
                .bytes("name", name)
                .toBytes();
    }

    private static FieldWriter entry(String signature, int length) {
        return FieldWriter.littleEndian("Rock Ridge " + signature, length)
                .text("signature", signature, 2, ' ')
                .u8("length", length)
                .u8("version", 1);
    }
}
