package dev.talosforge.talos.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.talos.Quirks;
import dev.talosforge.talos.TalosVersion;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.Entry.Attributes;
import dev.talosforge.tree.FileTree;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Row 9e: as mksquashfs makes them with {@code -all-root} and {@code SOURCE_DATE_EPOCH}. */
class PackedRootfsTest {
    private static final long CREATED = 1_735_689_600L;

    private static FileTree odd() throws Exception {
        return FileTree.of(List.of(
                new Entry.Directory("usr", new Attributes(0755, 1000, 1000, -6_800_000_000L)),
                new Entry.RegularFile(
                        "usr/a", new Attributes(0640, 70_000, 1L << 33, 4_354_819_200L), ByteSource.empty()),
                new Entry.Symlink("usr/b", new Attributes(0644, 1000, 1000, 7), "a")));
    }

    private static List<Attributes> attributes(FileTree tree) {
        return tree.entries().stream().map(Entry::attributes).toList();
    }

    @Test
    void everythingIsRootsAndOfOneTime() throws Exception {
        assertEquals(
                List.of(Attributes.root(0755, CREATED), Attributes.root(0640, CREATED), Attributes.root(0777, CREATED)),
                attributes(PackedRootfs.of(odd(), false, true, CREATED)));
    }

    @Test
    void ownersThatAreMeantStay() throws Exception {
        assertEquals(
                List.of(
                        new Attributes(0755, 1000, 1000, CREATED),
                        new Attributes(0640, 70_000, 0, CREATED),
                        new Attributes(0777, 1000, 1000, CREATED)),
                attributes(PackedRootfs.of(odd(), true, true, CREATED)));
    }

    /** imager drops them before 1.12. */
    @Test
    void labelsStayWhereTheVersionKeepsThem() throws Exception {
        Attributes labelled = Attributes.root(0644, CREATED).withLabel("bin_t");
        FileTree tree = FileTree.of(List.of(new Entry.RegularFile("a", labelled, ByteSource.empty())));
        assertEquals(List.of(labelled), attributes(PackedRootfs.of(tree, false, labels("v1.12.0-beta.1"), CREATED)));
        assertEquals(
                List.of(Attributes.root(0644, CREATED)),
                attributes(PackedRootfs.of(tree, false, labels("v1.11.9"), CREATED)));
    }

    private static boolean labels(String version) {
        return Quirks.of(Objects.requireNonNull(TalosVersion.parse(version))).labels();
    }
}
