package dev.talosforge.extension;

import dev.talosforge.tree.Entry;
import java.util.List;
import java.util.stream.Stream;

/** Files that no program reads at run time, and files only for building other programs. */
public final class Pruning {
    private static final List<PathPattern> LEFT_OUT = Stream.of(
                    // documentation and translations
                    "**/share/doc",
                    "**/share/doc-base",
                    "**/share/gtk-doc",
                    "**/share/info",
                    "**/share/man",
                    "**/share/locale",
                    "**/share/i18n",
                    "**/share/bash-completion",
                    "**/share/zsh",
                    "**/share/fish",
                    // caches and package managers' data
                    "/var/cache",
                    "/var/lib/apt",
                    "/var/lib/dpkg",
                    "/var/lib/rpm",
                    "/lib/apk",
                    "/usr/lib/apk",
                    "/etc/apk",
                    "/etc/apt",
                    "__pycache__",
                    // for building
                    "/usr/include",
                    "/usr/local/include",
                    "**/lib/pkgconfig",
                    "**/lib/*/pkgconfig",
                    "**/share/pkgconfig",
                    "**/share/aclocal",
                    "**/lib/cmake",
                    "**/lib/*/cmake",
                    "*.a",
                    "*.la")
            .map(PathPattern::new)
            .toList();

    private Pruning() {}

    static boolean isLeftOut(Entry entry) {
        return LEFT_OUT.stream().anyMatch(pattern -> pattern.covers(entry));
    }
}
