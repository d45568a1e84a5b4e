package dev.talosforge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.lab.StandIns;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.Entry.Attributes;
import dev.talosforge.tree.FileTree;
import dev.talosforge.tree.TreeBuilder;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** Extensions with all that may be in one and seldom is: small, and more than ten, for imager counts them as texts. */
final class OddExtensions {
    private static final long TIME = StandIns.MODIFIED;
    private static final int BLOCK = 128 << 10;

    /** So that layers 10 and 11 come before 2. */
    private static final int PLAIN_ONES = 6;

    private OddExtensions() {}

    /** By name; in the order in which they are listed. */
    static SequencedMap<String, FileTree> all() throws IOException {
        SequencedMap<String, FileTree> all = new LinkedHashMap<>();
        all.put("odd-files", files());
        all.put("odd-firmware", firmware());
        all.put("odd-microcode", microcode());
        all.put("odd-words", words());
        all.put("odd-places", places());
        all.put("odd-labels", labels());
        for (int i = 1; i <= PLAIN_ONES; i++) {
            String name = "plain-" + i;
            all.put(
                    name,
                    manifest(name, "")
                            .file("rootfs/usr/local/share/" + name, 0644, name)
                            .build());
        }
        return all;
    }

    private static TreeBuilder manifest(String name, String more) {
        return new TreeBuilder(TIME).file("manifest.yaml", 0644, """
                version: v1alpha1
                metadata:
                  name: %s
                  version: v1
                  author: tests
                  description: nothing of use
                %s""".formatted(name, more));
    }

    private static Attributes owned(int permissions, long uid, long gid) {
        return new Attributes(permissions, uid, gid, TIME - 86_400);
    }

    private static ByteSource text(String text) {
        return ByteSource.of(text.getBytes(UTF_8));
    }

    /** Modes, owners, links, names, sizes around a block. */
    private static FileTree files() throws IOException {
        String at = "rootfs/usr/local/";
        TreeBuilder tree = manifest("odd-files", "")
                .directory(at + "empty", 0755)
                .directory(at + "sticky", 01777)
                .file(at + "nothing", 0644, "")
                .file(at + "zeros", 0644, ByteSource.zeros(3L * BLOCK))
                .file(
                        at + "zeros and one",
                        0644,
                        ByteSource.concat(java.util.List.of(ByteSource.zeros(BLOCK), text("1"))))
                .file(at + "block", 0644, text("0123456789abcdef".repeat(BLOCK / 16)))
                .file(at + "umläut 日本 \"q\" 'a' \\b", 0600, "x")
                .file(at + "n".repeat(255), 0644, "long name")
                .symlink(at + "dangling", "/nowhere/at all")
                .symlink(at + "up", "../local/nothing")
                .symlink(at + "long", "l".repeat(1000));
        tree.add(new Entry.RegularFile(at + "owned", owned(0710, 1000, 1001), text("s")));
        tree.add(new Entry.RegularFile(at + "no mode", owned(0, 65_534, 65_534), text("0")));
        tree.add(new Entry.Directory(at + "theirs", owned(02750, 4_000_000, 7)));
        tree.add(new Entry.RegularFile(at + "z first", owned(0640, 5, 5), text("one content, two names")));
        tree.add(new Entry.HardLink(at + "z second", owned(0640, 5, 5), at + "z first"));
        return tree.build();
    }

    /** Firmware goes into the initramfs itself; the folders that it leaves do not. */
    private static FileTree firmware() throws IOException {
        return manifest("odd-firmware", "")
                .directory("rootfs/usr/lib/firmware/vendor", 0700)
                .file("rootfs/usr/lib/firmware/vendor/a.bin", 0600, "a")
                .file("rootfs/usr/lib/firmware/vendor/deeper/b.bin", 0755, "b")
                .file("rootfs/usr/lib/firmware/c", 0644, "c")
                .file("rootfs/usr/local/beside", 0644, "beside")
                .build();
    }

    /** Of both makers, several files each, and some that are none. */
    private static FileTree microcode() throws IOException {
        return manifest("odd-microcode", "")
                .file("rootfs/usr/lib/firmware/intel-ucode/06-0a-01", 0644, "second")
                .file("rootfs/usr/lib/firmware/intel-ucode/06-09-05", 0644, "first")
                .file("rootfs/usr/lib/firmware/amd-ucode/microcode_amd.bin", 0644, "amd")
                .file("rootfs/usr/lib/firmware/amd-ucode/microcode_amd_fam17h.bin", 0644, "fam17h")
                .file("rootfs/usr/lib/firmware/amd-ucode/README", 0644, "read me")
                .build();
    }

    /** Texts of a manifest that YAML writes in its own ways. */
    private static FileTree words() throws IOException {
        return new TreeBuilder(TIME)
                .file("manifest.yaml", 0644, """
                        version: v1alpha1
                        metadata:
                          name: odd-words
                          version: "1.10"
                          author: 'Ä & B: "quoted", #1'
                          description: |
                            Two lines: the first,
                              the second further in.

                            And one behind a gap\\t with ' and " and %s.
                          compatibility:
                            talos:
                              version: ">= v1.0.0-alpha.0"
                        """.formatted("x".repeat(120)))
                .file("rootfs/usr/local/share/odd-words", 0644, "w")
                .build();
    }

    /** All that is allowed beside /usr/local. */
    private static FileTree places() throws IOException {
        return manifest("odd-places", """
                  compatibility:
                    talos:
                      version: ">= v1.5.0 < v1.99.0"
                """)
                .file("rootfs/etc/cri/conf.d/20-odd.part", 0644, "[plugins]\n")
                .file("rootfs/usr/lib/udev/rules.d/99-odd.rules", 0644, "# none\n")
                .file("rootfs/usr/share/egl/odd", 0644, "e")
                .build();
    }

    /**
     * Without the end mark that a label has on disk: imager hands it to mksquashfs as an argument, and fails with one.
     */
    private static FileTree labels() throws IOException {
        TreeBuilder tree = manifest("odd-labels", "");
        tree.add(new Entry.RegularFile(
                "rootfs/usr/local/labelled",
                Attributes.root(0644, TIME).withLabel("system_u:object_r:bin_t:s0"),
                text("l")));
        return tree.build();
    }
}
