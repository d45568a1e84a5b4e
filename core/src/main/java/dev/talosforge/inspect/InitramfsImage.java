package dev.talosforge.inspect;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.format.compress.Compression;
import dev.talosforge.format.compress.StreamEnd;
import dev.talosforge.format.cpio.CpioContents;
import dev.talosforge.format.cpio.CpioReader;
import dev.talosforge.talos.extension.ExtensionsYaml;
import dev.talosforge.tree.Entry;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An initramfs as the kernel unpacks it: consecutive segments, each a sequence of cpio archives or one compressed
 * stream that contains such a sequence. A compressed segment is unpacked only when its content is requested, and the
 * last segment is searched first: later files replace earlier ones.
 */
final class InitramfsImage {
    private static final String STRUCTURE = "initramfs";
    private static final int MAX_SEGMENTS = 1000;

    private final ByteSource image;
    private final Scratch scratch;
    private final List<Segment> segments = new ArrayList<>();
    private final TreeMap<Long, List<Entry>> unpacked = new TreeMap<>();

    /**
     * A part of the file.
     *
     * @param offset in bytes
     * @param compression null if it is neither an archive nor in a known compression
     */
    record Segment(long offset, long size, @Nullable Compression compression) {}

    private InitramfsImage(ByteSource image, Scratch scratch) {
        this.image = image;
        this.scratch = scratch;
    }

    static InitramfsImage read(ByteSource image, Scratch scratch) throws IOException {
        InitramfsImage initramfs = new InitramfsImage(image, scratch);
        initramfs.split();
        return initramfs;
    }

    ByteSource bytes() {
        return image;
    }

    List<Segment> segments() {
        return segments;
    }

    /** Describes the part that could not be read; null if there is none. */
    @Nullable
    String note() throws IOException {
        Segment last = segments.isEmpty() ? null : segments.getLast();
        return last == null || last.compression() != null
                ? null
                : "the data from byte %d of the initramfs (%s) is neither a cpio archive nor compressed with gzip, zstd or xz; it was not inspected"
                        .formatted(last.offset(), Format.start(image.slice(last.offset(), last.size())));
    }

    private void split() throws IOException {
        for (long at = afterZeros(0); at < image.size(); at = afterZeros(at)) {
            if (segments.size() >= MAX_SEGMENTS) {
                throw new FormatException(STRUCTURE, at, "more than %d segments".formatted(MAX_SEGMENTS));
            }
            ByteSource rest = image.slice(at, image.size() - at);
            byte[] head = rest.read(STRUCTURE, 0, (int) Math.min(Compression.PROBE, rest.size()));
            Compression compression = Compression.of(head);
            long end;
            if (compression != Compression.NONE) {
                end = StreamEnd.of(image, at, compression);
                segments.add(new Segment(at, end - at, compression));
            } else if (head[0] == '0' && at % 4 == 0) {
                CpioContents contents = CpioReader.read(rest);
                end = at + contents.end();
                unpacked.put(at, contents.entries());
                segments.add(new Segment(at, end - at, compression));
            } else {
                end = image.size();
                segments.add(new Segment(at, end - at, null));
            }
            at = end;
        }
    }

    private long afterZeros(long start) throws IOException {
        long at = start;
        try (InputStream in = new BufferedInputStream(image.openAt(at), 1 << 12)) {
            while (in.read() == 0) {
                at++;
            }
        }
        return at;
    }

    /** The entries of a segment, in its own order. */
    List<Entry> entries(Segment segment) throws IOException {
        List<Entry> entries = unpacked.get(segment.offset());
        if (entries == null && segment.compression() != null) {
            entries = CpioReader.read(unpack(segment, segment.compression())).entries();
            unpacked.put(segment.offset(), entries);
        }
        return entries == null ? List.of() : entries;
    }

    private ByteSource unpack(Segment segment, Compression compression) throws IOException {
        InputStream stream = new BufferedInputStream(
                image.slice(segment.offset(), segment.size()).open(), 1 << 16);
        try (InputStream in = compression.decoder().decode(stream)) {
            return scratch.keep("initramfs segment", in);
        }
    }

    /** A regular file by its path, or null. */
    @Nullable
    ByteSource file(String path) throws IOException {
        for (Segment segment : segments.reversed()) {
            String wanted = path;
            for (Entry entry : entries(segment).reversed()) {
                if (entry.path().equals(wanted)) {
                    if (entry instanceof Entry.RegularFile file) {
                        return file.content();
                    }
                    if (!(entry instanceof Entry.HardLink link)) {
                        return null;
                    }
                    wanted = link.target();
                }
            }
        }
        return null;
    }

    /** Extensions in the order in which they are mounted; empty if the initramfs does not list any. */
    List<CarriedExtension> extensions() throws IOException {
        ByteSource list = file("extensions.yaml");
        List<CarriedExtension> extensions = new ArrayList<>();
        if (list != null) {
            for (ExtensionsYaml.Layer layer : ExtensionsYaml.read(list)) {
                ByteSource content = file(layer.image());
                if (content == null) {
                    throw new FormatException(
                            "extensions.yaml", 0, "lists %s, which is not in the initramfs".formatted(layer.image()));
                }
                extensions.add(new CarriedExtension(layer.image(), layer.manifest(), content));
            }
        }
        return List.copyOf(extensions);
    }
}
