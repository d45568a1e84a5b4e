package dev.talosforge.pipeline.stage.images;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.talos.extension.ExtensionImage;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.Entry.Attributes;
import dev.talosforge.tree.FileTree;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Row 21: which labels a squashfs has, and that the others are told. */
class ExtensionLabelsTest {
    private static ExtensionImage image(String label) throws IOException {
        Attributes attributes = Attributes.root(0755, 0);
        Attributes labelled = label.isEmpty() ? attributes : attributes.withLabel(label);
        return new ExtensionImage(
                "ghcr.io/a/b:v1",
                FileTree.of(List.of(
                        new Entry.Directory("rootfs", labelled),
                        new Entry.Directory("rootfs/usr", attributes),
                        new Entry.RegularFile("rootfs/usr/firmware", labelled, ByteSource.empty()),
                        new Entry.RegularFile("rootfs/usr/tool", labelled, ByteSource.empty()))),
                false);
    }

    private static FileTree packed(ExtensionImage image) throws IOException {
        return image.files().subtree("rootfs").filter(entry -> !entry.path().endsWith("firmware"));
    }

    @Test
    void whereTheyAreKeptOnlyThoseOfFirmwareAreLost() throws Exception {
        ExtensionImage image = image("bin_t");
        ExtensionLabels labels = new ExtensionLabels(image, true);
        assertEquals("bin_t", labels.root());
        assertEquals(
                "ghcr.io/a/b:v1: extended attributes are not kept: security.selinux of rootfs/usr/firmware",
                labels.lost(packed(image)));
        assertNull(labels.lost(image.files().subtree("rootfs")));
    }

    @Test
    void whereNoneAreKeptAllAreReported() throws Exception {
        ExtensionImage image = image("bin_t");
        ExtensionLabels labels = new ExtensionLabels(image, false);
        assertNull(labels.root());
        assertEquals(
                "ghcr.io/a/b:v1: extended attributes are not kept: security.selinux of 3 files, the first is rootfs",
                labels.lost(packed(image)));
    }

    @Test
    void withoutLabelsNothingIsReported() throws Exception {
        ExtensionImage image = image("");
        assertNull(new ExtensionLabels(image, true).root());
        assertNull(new ExtensionLabels(image, false).lost(packed(image)));
    }
}
