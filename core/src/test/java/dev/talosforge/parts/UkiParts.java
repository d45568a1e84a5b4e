package dev.talosforge.parts;

import dev.talosforge.bytes.ByteSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SortedMap;

/** A unified kernel image: its PE file, and its initramfs taken apart. */
public final class UkiParts {
    private UkiParts() {}

    public static void of(String prefix, ByteSource file, Path scratch, Parts parts)
            throws IOException, InterruptedException {
        Parts contents = new Parts();
        SortedMap<String, ByteSource> sections = PeParts.of(prefix, file, contents);
        ByteSource initramfs = sections.get(".initrd 1");
        ByteSource kernel = sections.get(".linux 1");
        if (initramfs == null || kernel == null) {
            throw new AssertionError("no kernel or no initramfs in " + sections.keySet());
        }
        parts.call(initramfs, "initramfs");
        parts.call(kernel, "kernel");
        PeParts.of(prefix, file, parts);
        parts.put(prefix + "/kernel", contents.content(kernel));
        InitramfsParts.of(prefix + "/initramfs", initramfs, scratch, parts);
    }
}
