package dev.talosforge.parts;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.talosforge.bytes.ByteSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * An initramfs as the kernel takes it apart: archives, plain or compressed, one after the other, with zeros between
 * them. Apart from the product's own reader.
 */
final class InitramfsParts {
    private static final String NAME = "initramfs";
    private static final int HEADER = 110;
    private static final String PLAIN = "070701";
    private static final String TRAILER = "TRAILER!!!";
    private static final int ZSTD_MAGIC = 0xfd2fb528;
    private static final int RLE = 1;

    private final Path scratch;
    private final Parts parts;

    private InitramfsParts(Path scratch, Parts parts) {
        this.scratch = scratch;
        this.parts = parts;
    }

    static void of(String prefix, ByteSource image, Path scratch, Parts parts)
            throws IOException, InterruptedException {
        InitramfsParts reader = new InitramfsParts(scratch, parts);
        int number = 0;
        long at = 0;
        while (at < image.size()) {
            byte[] head = image.read(NAME, at, (int) Math.min(6, image.size() - at));
            if (head[0] == 0) {
                at++;
                continue;
            }
            number++;
            String segment = "%s/segment %d".formatted(prefix, number);
            ByteSource rest = image.slice(at, image.size() - at);
            if (new String(head, UTF_8).equals(PLAIN)) {
                parts.put(segment, at % 4 == 0 ? "archive" : "archive that the kernel does not find");
                at += reader.archive(segment, rest);
            } else {
                long size = frame(rest);
                parts.put(segment, "zstd archive");
                reader.archives(segment, rest.slice(0, size));
                at += size;
            }
        }
    }

    private void archives(String segment, ByteSource compressed) throws IOException, InterruptedException {
        Path file = Scratch.file(scratch, compressed);
        Path plain = FieldTool.of("zstd", "zstd")
                .into(Files.createTempFile(scratch, "segment", ".cpio"), "-dc", "--long=27", file.toString());
        archive(segment, ByteSource.of(plain));
        Files.delete(file);
    }

    /** How long a zstd frame is: RFC 8878, 3.1.1. */
    private static long frame(ByteSource rest) throws IOException {
        byte[] head = rest.read(NAME, 0, 5);
        if (little(head, 0, 4) != (ZSTD_MAGIC & 0xffff_ffffL)) {
            throw new AssertionError("neither archive nor zstd frame: 0x%x".formatted(little(head, 0, 4)));
        }
        int descriptor = head[4] & 0xff;
        boolean single = (descriptor & 0x20) != 0;
        int sizeBytes = new int[] {single ? 1 : 0, 2, 4, 8}[descriptor >> 6];
        int dictionaryBytes = new int[] {0, 1, 2, 4}[descriptor & 3];
        long at = 5L + (single ? 0 : 1) + dictionaryBytes + sizeBytes;
        boolean last = false;
        while (!last) {
            long block = little(rest.read(NAME, at, 3), 0, 3);
            last = (block & 1) != 0;
            at += 3 + ((block >> 1 & 3) == RLE ? 1 : block >> 3);
        }
        return at + ((descriptor & 4) != 0 ? 4 : 0);
    }

    private static long little(byte[] bytes, int from, int count) {
        long value = 0;
        for (int i = count - 1; i >= 0; i--) {
            value = value << 8 | (bytes[from + i] & 0xff);
        }
        return value;
    }

    /** The members of a newc archive, and how long it is. */
    private long archive(String segment, ByteSource image) throws IOException, InterruptedException {
        SortedSet<Long> times = new TreeSet<>();
        StringBuilder order = new StringBuilder();
        long at = 0;
        while (true) {
            String header = new String(image.read(NAME, at, HEADER), UTF_8);
            String name = new String(image.read(NAME, at + HEADER, (int) field(header, 11)), UTF_8).replace("\0", "");
            long content = aligned(at + HEADER + field(header, 11));
            long size = field(header, 6);
            at = aligned(content + size);
            if (name.equals(TRAILER)) {
                parts.put(segment + ", times", times);
                parts.put(segment + ", order", order.toString().strip());
                return at;
            }
            times.add(field(header, 5));
            order.append(' ').append(name);
            member(segment + "/" + name, header, image.slice(content, size));
        }
    }

    private void member(String part, String header, ByteSource content) throws IOException, InterruptedException {
        String what = parts.textOrContent(content);
        if (part.endsWith(".sqsh") && !part.endsWith("rootfs.sqsh")) {
            boolean isNew = parts.isNew(content);
            what = isNew ? "squashfs" : "squashfs of the other artifact, too";
            if (isNew) {
                TreeParts.ofSquashfs(part, content, scratch, parts);
            }
        }
        parts.put(part, what);
        parts.put(
                part + ", mode",
                "%06o %d:%d, device %d:%d"
                        .formatted(
                                field(header, 1),
                                field(header, 2),
                                field(header, 3),
                                field(header, 9),
                                field(header, 10)));
        parts.put(part + ", links", field(header, 4));
    }

    private static long field(String header, int index) {
        return Long.parseLong(header.substring(6 + index * 8, 14 + index * 8), 16);
    }

    private static long aligned(long at) {
        return at + 3 & ~3L;
    }
}
