package dev.talosforge.talos;

import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import java.util.List;
import java.util.function.Consumer;

/** Which files an extension may have: the rules of Talos' own extensions. */
final class ExtensionContents {
    /** Of one extension: the first ones tell enough. */
    private static final int MAX_REPORTED = 20;

    private static final int SET_ID = 06000;
    private static final int STICKY = 01000;
    private static final int WORLD_WRITABLE = 0002;

    private ExtensionContents() {}

    static void check(FileTree rootfs, Quirks quirks, Consumer<String> bad) {
        List<String> found = rootfs.entries().stream()
                .flatMap(entry -> reasons(entry, quirks).stream())
                .toList();
        report(found, "not allowed", bad);
    }

    /** The first reasons, and how many more files are, in a word, like that. */
    static void report(List<String> reasons, String like, Consumer<String> bad) {
        reasons.stream().limit(MAX_REPORTED).forEach(bad);
        if (reasons.size() > MAX_REPORTED) {
            bad.accept("%d more files are %s".formatted(reasons.size() - MAX_REPORTED, like));
        }
    }

    private static List<String> reasons(Entry entry, Quirks quirks) {
        String path = "/" + entry.path();
        List<String> reasons = new java.util.ArrayList<>();
        switch (entry) {
            case Entry.Directory directory -> {
                if (worldWritable(directory) && (directory.attributes().permissions() & STICKY) == 0) {
                    reasons.add("world-writeable files are not allowed: \"%s\"".formatted(path));
                }
            }
            case Entry.RegularFile file -> modes(file, path, reasons);
            case Entry.HardLink link -> modes(link, path, reasons);
            case Entry.Symlink _ -> {}
            case Entry.CharDevice _, Entry.BlockDevice _, Entry.Fifo _ ->
                reasons.add("special files are not allowed: \"%s\"".formatted(path));
        }
        if (!(entry instanceof Entry.Directory)
                && quirks.allowedPrefixes().stream().noneMatch(path::startsWith)) {
            reasons.add("path \"%s\" is not allowed in extensions".formatted(path));
        }
        return reasons;
    }

    private static void modes(Entry file, String path, List<String> reasons) {
        if (worldWritable(file)) {
            reasons.add("world-writeable files are not allowed: \"%s\"".formatted(path));
        }
        if ((file.attributes().permissions() & SET_ID) != 0) {
            reasons.add("files that run as their owner or group are not allowed: \"%s\"".formatted(path));
        }
    }

    private static boolean worldWritable(Entry entry) {
        return (entry.attributes().permissions() & WORLD_WRITABLE) != 0;
    }
}
