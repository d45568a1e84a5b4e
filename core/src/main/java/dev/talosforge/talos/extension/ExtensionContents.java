package dev.talosforge.talos.extension;

import dev.talosforge.talos.Quirks;
import dev.talosforge.talos.TalosVersion;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Which files an extension may have: the rules of Talos' own extensions. */
public final class ExtensionContents {
    /** Per extension: the first ones are enough. */
    private static final int MAX_REPORTED = 20;

    /** How an image layer marks a file of the layers below as deleted: a layer cannot contain a file of that name. */
    private static final String WHITEOUT = ".wh.";

    private static final int SET_ID = 06000;
    private static final int STICKY = 01000;
    private static final int WORLD_WRITABLE = 0002;

    private ExtensionContents() {}

    /**
     * A file that an extension must not have.
     *
     * @param path from the root, without a leading slash
     * @param reason in the words of Talos' own check
     */
    public record Violation(Rule rule, String path, String reason) {}

    /** What is checked. */
    public enum Rule {
        WORLD_WRITABLE,
        SET_ID,
        SPECIAL_FILE,
        WHITEOUT,
        PLACE
    }

    /** Every file that is not allowed, in tree order. */
    public static List<Violation> violations(FileTree rootfs, TalosVersion version) {
        return violations(rootfs, Quirks.of(version));
    }

    private static List<Violation> violations(FileTree rootfs, Quirks quirks) {
        return rootfs.entries().stream()
                .flatMap(entry -> violations(entry, quirks).stream())
                .toList();
    }

    static void check(FileTree rootfs, Quirks quirks, Consumer<String> bad) {
        report(violations(rootfs, quirks).stream().map(Violation::reason).toList(), "not allowed", bad);
    }

    /** The first reasons, and how many more files have the same problem. */
    static void report(List<String> reasons, String like, Consumer<String> bad) {
        reasons.stream().limit(MAX_REPORTED).forEach(bad);
        if (reasons.size() > MAX_REPORTED) {
            bad.accept("%d more files are %s".formatted(reasons.size() - MAX_REPORTED, like));
        }
    }

    private static List<Violation> violations(Entry entry, Quirks quirks) {
        String path = "/" + entry.path();
        List<Violation> found = new ArrayList<>();
        switch (entry) {
            case Entry.Directory directory -> {
                if (worldWritable(directory) && (directory.attributes().permissions() & STICKY) == 0) {
                    found.add(violation(Rule.WORLD_WRITABLE, entry, "world-writeable files are not allowed: \"%s\""));
                }
            }
            case Entry.RegularFile file -> modes(file, found);
            case Entry.HardLink link -> modes(link, found);
            case Entry.Symlink _ -> {}
            case Entry.CharDevice _, Entry.BlockDevice _, Entry.Fifo _ ->
                found.add(violation(Rule.SPECIAL_FILE, entry, "special files are not allowed: \"%s\""));
        }
        if (isWhiteout(FileTree.nameOf(entry.path()))) {
            found.add(violation(Rule.WHITEOUT, entry, "names that start with .wh. are not allowed: \"%s\""));
        }
        if (!(entry instanceof Entry.Directory)
                && quirks.allowedPrefixes().stream().noneMatch(path::startsWith)) {
            found.add(violation(Rule.PLACE, entry, "path \"%s\" is not allowed in extensions"));
        }
        return found;
    }

    private static Violation violation(Rule rule, Entry entry, String reason) {
        return new Violation(rule, entry.path(), reason.formatted("/" + entry.path()));
    }

    private static void modes(Entry file, List<Violation> found) {
        if (worldWritable(file)) {
            found.add(violation(Rule.WORLD_WRITABLE, file, "world-writeable files are not allowed: \"%s\""));
        }
        if ((file.attributes().permissions() & SET_ID) != 0) {
            found.add(violation(Rule.SET_ID, file, "files that run as their owner or group are not allowed: \"%s\""));
        }
    }

    /** Whether an image layer cannot contain a file of that name. */
    public static boolean isWhiteout(String name) {
        return name.startsWith(WHITEOUT);
    }

    private static boolean worldWritable(Entry entry) {
        return (entry.attributes().permissions() & WORLD_WRITABLE) != 0;
    }
}
