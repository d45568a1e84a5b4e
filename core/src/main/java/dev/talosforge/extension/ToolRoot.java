package dev.talosforge.extension;

import dev.talosforge.tree.Entry;
import dev.talosforge.tree.Entry.Attributes;
import dev.talosforge.tree.FileTree;
import dev.talosforge.tree.TreeBuilder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The root file system of a sandbox: all files of Debian packages, including headers and static libraries, plus the
 * parts of their scripts' work that a compiler and a shell need. No script is run.
 *
 * <ul>
 *   <li>the links that Debian lets the administrator choose, such as {@code cc} and {@code awk}, point to what is
 * installed;
 *   <li>{@code /etc/passwd} and {@code /etc/group} list root and nobody, {@code /etc/hosts} the machine itself;
 *   <li>there is no cache of shared libraries: the loader searches its default folders.
 * </ul>
 */
public final class ToolRoot {
    /** Raise this with every change to what is added to the packages' files. */
    public static final int REVISION = 1;

    /** What every Debian package takes for granted, as far as builds call it, plus make. */
    private static final List<String> ALWAYS = List.of(
            "bash",
            "coreutils",
            "dash",
            "diffutils",
            "findutils",
            "grep",
            "gzip",
            "libc-bin",
            "make",
            "mawk",
            "perl-base",
            "sed",
            "tar");

    private static final String PATCH = "patch";

    /** Links below {@code usr/bin} and their targets: the first that exists; of several versions, the newest. */
    private static final SequencedMap<String, List<String>> CHOICES = choices();

    private ToolRoot() {}

    private static SequencedMap<String, List<String>> choices() {
        SequencedMap<String, List<String>> choices = new LinkedHashMap<>();
        choices.put("sh", List.of("dash", "bash"));
        choices.put("cc", List.of("gcc", "clang", "tcc"));
        choices.put("c++", List.of("g++", "clang++"));
        choices.put("c89", List.of("c89-gcc"));
        choices.put("c99", List.of("c99-gcc"));
        choices.put("awk", List.of("gawk", "mawk", "original-awk"));
        choices.put("nawk", List.of("gawk", "mawk", "original-awk"));
        choices.put("which", List.of("which.debianutils"));
        choices.put("yacc", List.of("bison.yacc", "byacc"));
        choices.put("lex", List.of("flex"));
        choices.put("automake", List.of("automake-*"));
        choices.put("aclocal", List.of("aclocal-*"));
        return choices;
    }

    /**
     * The packages for running a build, without their dependencies.
     *
     * @param tools the requested packages
     * @param patches whether there are patches
     */
    public static List<String> packages(List<String> tools, boolean patches) {
        TreeSet<String> packages = new TreeSet<>(ALWAYS);
        packages.addAll(tools);
        if (patches) {
            packages.add(PATCH);
        }
        return List.copyOf(packages);
    }

    /**
     * The root.
     *
     * @param unpacked all files of the packages
     */
    public static FileTree of(FileTree unpacked) throws IOException {
        long modified = unpacked.entries().stream()
                .mapToLong(entry -> entry.attributes().modified())
                .max()
                .orElse(0);
        TreeBuilder root = new TreeBuilder(modified);
        for (Entry entry : unpacked.entries()) {
            if (!isDevice(entry)) {
                root.add(entry);
            }
        }
        for (String folder : List.of("build", "dev", "proc", "tmp")) {
            root.directory(folder, 0755);
        }
        CHOICES.forEach((name, wanted) -> {
            String found = unpacked.get("usr/bin/" + name) == null ? found(unpacked, wanted) : null;
            if (found != null) {
                root.add(new Entry.Symlink("usr/bin/" + name, Attributes.root(0777, modified), found));
            }
        });
        root.file("etc/passwd", 0644, """
                root:x:0:0:root:%s/home:/bin/sh
                nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
                """.formatted(Sandbox.WORK));
        root.file("etc/group", 0644, "root:x:0:\nnogroup:x:65534:\n");
        root.file("etc/hosts", 0644, "127.0.0.1 localhost\n::1 localhost\n");
        return root.build();
    }

    private static boolean isDevice(Entry entry) {
        return switch (entry) {
            case Entry.CharDevice _, Entry.BlockDevice _, Entry.Fifo _ -> true;
            case Entry.Directory _, Entry.RegularFile _, Entry.HardLink _, Entry.Symlink _ -> false;
        };
    }

    private static @Nullable String found(FileTree root, List<String> wanted) {
        for (String name : wanted) {
            if (!name.endsWith("*")) {
                if (root.get("usr/bin/" + name) != null) {
                    return name;
                }
                continue;
            }
            String begin = "usr/bin/" + name.substring(0, name.length() - 1);
            List<String> versions = new ArrayList<>();
            for (Entry entry : root.children("usr/bin")) {
                if (entry.path().startsWith(begin)) {
                    versions.add(FileTree.nameOf(entry.path()));
                }
            }
            if (!versions.isEmpty()) {
                return versions.getLast();
            }
        }
        return null;
    }
}
