package dev.talosforge.talos.image;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.LimitException;
import dev.talosforge.talos.Quirks;
import dev.talosforge.talos.extension.Extension;
import dev.talosforge.talos.service.LinkWalk;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import dev.talosforge.tree.TreeBuilder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Extensions, split for the initramfs: what the kernel needs before there is a root file system, and the rest.
 *
 * @param intelMicrocode for kernel/x86/microcode/GenuineIntel.bin, of all extensions in sequence; empty for none
 * @param amdMicrocode for kernel/x86/microcode/AuthenticAMD.bin, likewise
 * @param firmware with paths from the root; a later extension's file replaces an earlier one's; without links
 * @param rootfs what remains of each extension, in the order given: the content of its squashfs
 */
public record InitramfsFiles(
        ByteSource intelMicrocode, ByteSource amdMicrocode, FileTree firmware, List<FileTree> rootfs) {
    public InitramfsFiles {
        rootfs = List.copyOf(rootfs);
    }

    /**
     * Splits the extensions.
     *
     * @param modified of directories that are created, in seconds since the epoch
     */
    public static InitramfsFiles of(List<Extension> extensions, Quirks quirks, long modified) throws IOException {
        String directory = quirks.firmwareDirectory();
        List<ByteSource> intel = new ArrayList<>();
        List<ByteSource> amd = new ArrayList<>();
        TreeBuilder firmware = new TreeBuilder(modified);
        Map<String, Boolean> directories = new TreeMap<>();
        List<FileTree> rest = new ArrayList<>();
        for (Extension extension : extensions) {
            FileTree rootfs = extension.rootfs();
            LinkWalk walk = new LinkWalk(rootfs);
            Predicate<Entry> isIntel = entry -> isDirectlyIn(entry, directory + "/intel-ucode");
            Predicate<Entry> isAmd = entry -> isDirectlyIn(entry, directory + "/amd-ucode")
                    && FileTree.nameOf(entry.path()).matches("(?s)microcode_amd.*\\.bin");
            collect(walk, isIntel, intel);
            collect(walk, isAmd, amd);
            for (Entry entry : walk.withoutLinks(directory, isIntel.or(isAmd))) {
                boolean isDirectory = entry instanceof Entry.Directory;
                Boolean before = directories.put(entry.path(), isDirectory);
                if (before != null && before != isDirectory) {
                    throw new LimitException(
                            "firmware", "/" + entry.path(), "is a directory in one extension and a file in another");
                }
                if (before == null || !isDirectory) { // as imager: the first one decides a directory's mode
                    firmware.add(entry);
                }
            }
            rest.add(without(rootfs, directory));
        }
        return new InitramfsFiles(
                ByteSource.concat(intel), ByteSource.concat(amd), checked(firmware.build()), List.copyOf(rest));
    }

    private static boolean isDirectlyIn(Entry entry, String directory) {
        return FileTree.parentOf(entry.path()).equals(directory);
    }

    private static void collect(LinkWalk walk, Predicate<Entry> wanted, List<ByteSource> into) throws IOException {
        for (Entry entry : walk.tree().entries()) {
            if (wanted.test(entry)) {
                if (!(walk.target(entry) instanceof Entry.RegularFile file)) {
                    throw new LimitException("microcode", "/" + entry.path(), "is not a file");
                }
                into.add(file.content());
            }
        }
    }

    private static FileTree checked(FileTree firmware) throws LimitException {
        for (Entry entry : firmware.entries()) {
            if (!(entry instanceof Entry.Directory || entry instanceof Entry.RegularFile)) {
                throw new LimitException("firmware", "/" + entry.path(), "is neither a file nor a directory");
            }
        }
        return firmware;
    }

    /** A hard link whose target was removed becomes that file. */
    private static FileTree without(FileTree rootfs, String directory) throws IOException {
        if (rootfs.get(directory) == null) {
            return rootfs;
        }
        List<Entry> kept = new ArrayList<>();
        for (Entry entry : rootfs.entries()) {
            if (isBelow(entry.path(), directory)) {
                continue;
            }
            if (entry instanceof Entry.HardLink link
                    && isBelow(link.target(), directory)
                    && rootfs.get(link.target()) instanceof Entry.RegularFile file) {
                kept.add(file.withPath(link.path()));
            } else {
                kept.add(entry);
            }
        }
        return FileTree.of(kept);
    }

    private static boolean isBelow(String path, String directory) {
        return path.equals(directory) || path.startsWith(directory + "/");
    }
}
