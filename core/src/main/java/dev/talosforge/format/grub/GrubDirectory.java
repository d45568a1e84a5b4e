package dev.talosforge.format.grub;

import dev.talosforge.bytes.FormatException;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * GRUB's files for a BIOS, from its package's folder {@code i386-pc}.
 *
 * @param files with kernel.img, moddep.lst, *.mod and the like in its root
 */
record GrubDirectory(FileTree files) {
    private static final int MAX_FILE = 4 << 20;

    byte[] file(String name) throws IOException {
        if (!(files.get(name) instanceof Entry.RegularFile file)) {
            throw new FormatException("GRUB i386-pc directory", 0, "has no file " + name);
        }
        return file.content().readAll("GRUB " + name, MAX_FILE);
    }

    byte[] exactly(String name, int size) throws IOException {
        byte[] bytes = file(name);
        if (bytes.length != size) {
            throw new FormatException("GRUB " + name, 0, "%d bytes, expected %d".formatted(bytes.length, size));
        }
        return bytes;
    }

    String text(String name) throws IOException {
        return new String(file(name), StandardCharsets.UTF_8);
    }
}
