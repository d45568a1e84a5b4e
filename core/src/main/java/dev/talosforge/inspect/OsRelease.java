package dev.talosforge.inspect;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code os-release} of a boot image or a root file system. */
final class OsRelease {
    private static final int MAX_BYTES = 1 << 16;
    private static final List<String> PLACES = List.of("usr/lib/os-release", "etc/os-release");

    private OsRelease() {}

    /** The Talos version of a root file system, or null. */
    static @Nullable String talosVersion(FileTree root) throws IOException {
        for (String place : PLACES) {
            if (root.get(place) instanceof Entry.RegularFile file) {
                return talosVersion(new String(file.content().readAll("os-release", MAX_BYTES), UTF_8));
            }
        }
        return null;
    }

    /** The Talos version, or null if the text is from another system. */
    static @Nullable String talosVersion(String text) {
        return "talos".equals(value(text, "ID")) ? value(text, "VERSION_ID") : null;
    }

    /** The Talos version of a root file system in a squashfs of an initramfs, or null. */
    static @Nullable String talosVersion(@Nullable ByteSource squashfs) throws IOException {
        return squashfs == null ? null : talosVersion(Squash.open(squashfs).tree());
    }

    private static @Nullable String value(String text, String name) {
        for (String line : text.lines().toList()) {
            if (line.startsWith(name + "=")) {
                return line.substring(name.length() + 1).replace("\"", "").strip();
            }
        }
        return null;
    }
}
