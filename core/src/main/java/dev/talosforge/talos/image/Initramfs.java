package dev.talosforge.talos.image;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.format.cpio.CpioArchive;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import dev.talosforge.tree.TreeBuilder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * The initramfs that a machine boots with: parts in sequence, which the kernel unpacks in turn.
 * <pre>
 *   microcode    uncompressed cpio with kernel/x86/microcode/*, padded to 512; left out where there is none
 *   base         Talos' own initramfs, its bytes unchanged
 *   zeros        up to a multiple of 4: an uncompressed archive must start there
 *   extensions   uncompressed cpio with firmware, *.sqsh and extensions.yaml
 * </pre>
 *
 * <p>imager compresses the last part with zstd, which gains less than one percent, because a squashfs is already
 * compressed. The kernel takes both (measured: Linux 6.1; {@code initramfs} "concatenation rules").
 */
public final class Initramfs {
    private static final int CPIO_PAD = 512;
    private static final int ALIGNMENT = 4;

    private Initramfs() {}

    /**
     * A part of the image for each extension, and what they share.
     *
     * @param layers squashfs images by their name in {@code extensions.yaml}
     * @param microcode blobs by path, such as {@code kernel/x86/microcode/GenuineIntel.bin}
     * @param firmware files that must be in the initramfs itself, at their place
     * @param extensionsYaml the list that Talos' init reads
     */
    public record Parts(
            SequencedMap<String, ByteSource> layers,
            SequencedMap<String, ByteSource> microcode,
            FileTree firmware,
            String extensionsYaml) {}

    /**
     * Puts the parts after the base. Nothing is copied: the result is a view of the sources.
     *
     * @param modified of every entry, in seconds since the epoch
     */
    public static ByteSource assemble(ByteSource base, Parts parts, long modified) throws IOException {
        if (parts.layers().isEmpty()) {
            return base;
        }
        List<ByteSource> segments = new ArrayList<>();
        if (!parts.microcode().isEmpty()) {
            segments.add(CpioArchive.source(
                    files(parts.microcode(), modified).build().entries(), CPIO_PAD));
        }
        segments.add(base);
        long length = segments.stream().mapToLong(ByteSource::size).sum();
        segments.add(ByteSource.zeros(Math.floorMod(-length, ALIGNMENT)));
        TreeBuilder tree = files(parts.layers(), modified);
        for (Entry entry : parts.firmware().entries()) {
            tree.add(entry.withAttributes(
                    Entry.Attributes.root(entry.attributes().permissions(), modified)));
        }
        tree.file("extensions.yaml", 0644, parts.extensionsYaml());
        segments.add(CpioArchive.source(tree.build().entries(), CPIO_PAD));
        return ByteSource.concat(segments);
    }

    private static TreeBuilder files(SequencedMap<String, ByteSource> contents, long modified) {
        TreeBuilder tree = new TreeBuilder(modified);
        for (Map.Entry<String, ByteSource> file : contents.entrySet()) {
            tree.file(file.getKey(), 0644, file.getValue());
        }
        return tree;
    }
}
