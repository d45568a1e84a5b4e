package dev.talosforge.debian;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.format.compress.Compression;
import dev.talosforge.format.deb.DebReader;
import dev.talosforge.format.tar.TarLimits;
import dev.talosforge.format.tar.TarTree;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import dev.talosforge.tree.TreeBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * The root file system made of Debian packages without running a package manager: files only, no maintainer scripts.
 * Suits a container that runs one program.
 *
 * <ul>
 *   <li>{@code bin}, {@code sbin}, {@code lib} and {@code lib64} are links into {@code usr}, and the packages' files in
 * them go there;
 *   <li>documentation, translations, headers, static libraries and package scripts are left out;
 *   <li>everything belongs to root and loses its set-user-id bits: nobody logs in to such a container.
 * </ul>
 */
public final class DebianRoot {
    /** Dependencies that no container needs: package manager, login, cron, and the like. */
    public static final List<String> NOT_FOR_CONTAINERS = List.of(
            "adduser",
            "coreutils",
            "cron*",
            "debconf",
            "dpkg",
            "gcc-12-base",
            "gcc-14-base",
            "init-system-helpers",
            "libaudit-common",
            "libcap2-bin",
            "libpam-modules-bin",
            "libpam-runtime",
            "libpopt0",
            "libsemanage*",
            "libsepol*",
            "libtirpc-common",
            "logrotate",
            "lsof",
            "passwd",
            "perl*",
            "readline-common",
            "sensible-utils",
            "tar",
            "usr-is-merged",
            "usrmerge");

    private static final List<String> MERGED = List.of("bin", "sbin", "lib", "lib64");

    private static final List<String> LEFT_OUT = List.of(
            "etc/cron.d",
            "etc/cron.daily",
            "etc/init.d",
            "etc/logrotate.d",
            "usr/include",
            "usr/lib/aarch64-linux-gnu/audit",
            "usr/lib/aarch64-linux-gnu/gconv",
            "usr/lib/aarch64-linux-gnu/perl-base",
            "usr/lib/systemd",
            "usr/lib/udev",
            "usr/lib/x86_64-linux-gnu/audit",
            "usr/lib/x86_64-linux-gnu/gconv",
            "usr/lib/x86_64-linux-gnu/perl-base",
            "usr/share/bash-completion",
            "usr/share/bug",
            "usr/share/doc",
            "usr/share/doc-base",
            "usr/share/gcc",
            "usr/share/gdb",
            "usr/share/info",
            "usr/share/lintian",
            "usr/share/locale",
            "usr/share/man",
            "usr/share/perl5",
            "usr/share/zsh",
            "var/cache");

    private DebianRoot() {}

    /** The root for a container: {@link #unpacked} and {@link #pruned}. */
    public static FileTree of(List<ByteSource> packages, Path spool) throws IOException {
        return pruned(unpacked(packages, spool));
    }

    /** Without files that no program reads at run time. */
    public static FileTree pruned(FileTree root) throws IOException {
        return root.filter(entry -> !isLeftOut(entry.path()));
    }

    /**
     * All files of the packages, in the order given; if two packages have the same file, the later one wins.
     *
     * @param spool a folder for contents, which must exist as long as the tree is used
     */
    public static FileTree unpacked(List<ByteSource> packages, Path spool) throws IOException {
        DebReader reader = new DebReader(DebianRoot::decoder, tar -> TarTree.read(tar, spool, TarLimits.GENEROUS));
        List<FileTree> trees = new ArrayList<>();
        for (ByteSource file : packages) {
            trees.add(reader.read(file).data());
        }
        return merge(trees);
    }

    private static dev.talosforge.bytes.@org.jspecify.annotations.Nullable StreamDecoder decoder(String suffix) {
        return switch (suffix) {
            case "gz" -> Compression.GZIP.decoder();
            case "xz" -> Compression.XZ.decoder();
            case "zst" -> Compression.ZSTD.decoder();
            default -> null;
        };
    }

    /** One root of several packages' files. */
    static FileTree merge(List<FileTree> packages) throws IOException {
        SequencedMap<String, Entry> entries = new TreeMap<>(FileTree.WALK_ORDER);
        for (FileTree tree : packages) {
            for (Entry entry : tree.entries()) {
                Entry moved = moved(entry);
                Entry present = entries.get(moved.path());
                if (moved instanceof Entry.Directory && present != null) {
                    if (!(present instanceof Entry.Directory)) {
                        throw new FormatException(
                                "Debian packages", 0, moved.path() + " is a directory in one and a file in another");
                    }
                    continue;
                }
                if (!MERGED.contains(moved.path())) {
                    entries.put(moved.path(), moved);
                }
            }
        }
        return complete(entries);
    }

    /** Adds parents that the packages leave to others, and the links of the merged folders. */
    private static FileTree complete(SequencedMap<String, Entry> entries) throws IOException {
        long modified = entries.values().stream()
                .mapToLong(entry -> entry.attributes().modified())
                .max()
                .orElse(0);
        TreeBuilder root = new TreeBuilder(modified);
        entries.values().forEach(root::add);
        for (String name : MERGED) {
            if (entries.keySet().stream().anyMatch(path -> path.startsWith("usr/" + name + "/"))) {
                root.symlink(name, "usr/" + name);
            }
        }
        return root.build();
    }

    private static Entry moved(Entry entry) {
        Entry at = entry.withPath(merged(entry.path()));
        if (at instanceof Entry.HardLink link) {
            at = new Entry.HardLink(link.path(), link.attributes(), merged(link.target()));
        }
        return at.withAttributes(Entry.Attributes.root(
                at.attributes().permissions() & 01777, at.attributes().modified()));
    }

    private static String merged(String path) {
        int slash = path.indexOf('/');
        return slash > 0 && MERGED.contains(path.substring(0, slash)) ? "usr/" + path : path;
    }

    private static boolean isLeftOut(String path) {
        return path.endsWith(".a")
                || LEFT_OUT.stream().anyMatch(folder -> path.equals(folder) || path.startsWith(folder + "/"));
    }
}
