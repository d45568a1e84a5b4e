package dev.talosforge.format.iso9660;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FieldReader;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.NameBytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Rock Ridge's data about one file.
 *
 * @param mode with the type, or -1
 * @param modified in seconds since the epoch, or {@link #UNKNOWN}
 * @param child the block of a relocated directory, or -1
 * @param relocated whether this is such a directory: it is shown in place of its child link
 */
record SystemUse(
        @Nullable String name,
        @Nullable String target,
        int mode,
        long uid,
        long gid,
        long modified,
        int deviceMajor,
        int deviceMinor,
        long child,
        boolean relocated) {
    static final long UNKNOWN = Long.MIN_VALUE;
    static final SystemUse NONE = new SystemUse(null, null, -1, 0, 0, UNKNOWN, 0, 0, -1, false);

    private static final String NAME = "Rock Ridge";
    private static final int MAX_AREAS = 64;

    /** Limit per image: seven for each file that it may have. */
    private static final int MAX_ALL_AREAS = 1 << 20;

    private static final int MAX_NAME = 1024;
    private static final int MAX_TARGET = 8192;
    private static final int TF_CREATION = 1;
    private static final int TF_MODIFY = 2;
    private static final int TF_LONG_FORM = 0x80;

    /**
     * Reads the field of one record and the areas that continue it.
     *
     * @param skipped bytes before the first entry, from the SP entry
     * @param at the record's offset, in bytes; only for messages
     * @param all counts the areas of all records
     */
    static SystemUse read(ByteSource image, byte[] field, int skipped, long at, Areas all) throws IOException {
        Collected found = new Collected(at);
        byte[] area = java.util.Arrays.copyOfRange(field, Math.min(skipped, field.length), field.length);
        for (int areas = 0; area.length > 0; areas++) {
            if (areas > MAX_AREAS) {
                throw new FormatException(NAME, at, "more than %d continuation areas".formatted(MAX_AREAS));
            }
            if (areas > 0 && ++all.read > MAX_ALL_AREAS) {
                throw new FormatException(NAME, at, "more than %d continuation areas in all".formatted(MAX_ALL_AREAS));
            }
            found.next = new byte[0];
            found.area(image, area);
            area = found.next;
        }
        return found.toSystemUse();
    }

    /** The number of continuation areas read from an image. */
    static final class Areas {
        private int read;
    }

    private static final class Collected {
        private final long at;
        private final ByteArrayOutputStream name = new ByteArrayOutputStream();
        private final ByteArrayOutputStream target = new ByteArrayOutputStream();
        private boolean named;
        private boolean linked;
        private boolean joined = true;
        private int mode = -1;
        private long uid;
        private long gid;
        private long modified = UNKNOWN;
        private int major;
        private int minor;
        private long child = -1;
        private boolean relocated;
        private byte[] next = {};

        Collected(long at) {
            this.at = at;
        }

        void area(ByteSource image, byte[] area) throws IOException {
            int position = 0;
            while (position + 4 <= area.length && area[position] != 0) {
                int length = Byte.toUnsignedInt(area[position + 2]);
                if (length < 4 || position + length > area.length) {
                    throw new FormatException(NAME, at, "an entry of %d bytes".formatted(length));
                }
                String signature = new String(area, position, 2, StandardCharsets.ISO_8859_1);
                byte[] content = java.util.Arrays.copyOfRange(area, position + 4, position + length);
                position += length;
                if (signature.equals("ST")) {
                    return;
                }
                entry(image, signature, FieldReader.littleEndian(NAME + " " + signature, content, at));
            }
        }

        private void entry(ByteSource image, String signature, FieldReader in) throws IOException {
            switch (signature) {
                case "PX" -> {
                    mode = (int) both32(in, "mode") & 0xFFFF;
                    both32(in, "links");
                    uid = both32(in, "uid");
                    gid = both32(in, "gid");
                }
                case "NM" -> {
                    int flags = in.u8("flags");
                    if ((flags & (RockRidge.CURRENT | RockRidge.PARENT)) == 0) {
                        named = true;
                        append(name, in.bytes("name", in.remaining()), MAX_NAME);
                    }
                }
                case "SL" -> link(in);
                case "TF" -> times(in);
                case "PN" -> device(both32(in, "high"), both32(in, "low"));
                case "CL" -> child = both32(in, "child");
                case "RE" -> relocated = true;
                case "CE" -> {
                    long block = both32(in, "block");
                    long offset = both32(in, "offset");
                    long length = both32(in, "length");
                    if (length > VolumeDescriptors.BLOCK) {
                        throw new FormatException(NAME, at, "a continuation of %d bytes".formatted(length));
                    }
                    next = image.read(NAME, block * VolumeDescriptors.BLOCK + offset, (int) length);
                }
                default -> {} // other entries may come between them
            }
        }

        /** Components are joined by slashes, except that a marked one continues in the next. */
        private void link(FieldReader in) throws FormatException {
            linked = true;
            in.u8("flags");
            while (in.remaining() >= 2) {
                int flags = in.u8("component flags");
                byte[] part = in.bytes("component", in.u8("component length"));
                if (!joined) {
                    append(target, new byte[] {'/'}, MAX_TARGET);
                }
                joined = (flags & (RockRidge.CONTINUE | RockRidge.ROOT)) != 0;
                byte[] text = switch (flags & (RockRidge.CURRENT | RockRidge.PARENT | RockRidge.ROOT)) {
                    case RockRidge.CURRENT -> new byte[] {'.'};
                    case RockRidge.PARENT -> new byte[] {'.', '.'};
                    case RockRidge.ROOT -> new byte[] {'/'};
                    default -> part;
                };
                append(target, text, MAX_TARGET);
            }
        }

        private void times(FieldReader in) throws FormatException {
            int flags = in.u8("flags");
            boolean isLong = (flags & TF_LONG_FORM) != 0;
            if (isLong || (flags & TF_MODIFY) == 0) {
                return;
            }
            if ((flags & TF_CREATION) != 0) {
                in.bytes("creation", 7);
            }
            modified = IsoTime.read(in.bytes("modify", 7), 0);
        }

        /** Some writers put the whole device number in the low half. */
        private void device(long high, long low) {
            boolean whole = high == 0 && low > 0xFF;
            major = (int) (whole ? low >> 8 : high) & 0xFFFFFF;
            minor = (int) (whole ? low & 0xFF : low) & 0xFFFFFF;
        }

        private void append(ByteArrayOutputStream to, byte[] bytes, int limit) throws FormatException {
            if (to.size() + bytes.length > limit) {
                throw new FormatException(NAME, at, "a name or target of more than %d bytes".formatted(limit));
            }
            to.writeBytes(bytes);
        }

        private static long both32(FieldReader in, String name) throws FormatException {
            long value = in.u32(name);
            in.bytes(name, 4);
            return value;
        }

        SystemUse toSystemUse() {
            return new SystemUse(
                    named ? NameBytes.text(name.toByteArray()) : null,
                    linked ? NameBytes.text(target.toByteArray()) : null,
                    mode,
                    uid,
                    gid,
                    modified,
                    major,
                    minor,
                    child,
                    relocated);
        }
    }
}
