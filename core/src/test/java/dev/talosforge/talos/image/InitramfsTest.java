package dev.talosforge.talos.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.format.cpio.CpioContents;
import dev.talosforge.format.cpio.CpioReader;
import dev.talosforge.talos.Quirks;
import dev.talosforge.talos.SampleParts;
import dev.talosforge.talos.extension.Extension;
import dev.talosforge.talos.extension.ExtensionManifest;
import dev.talosforge.testkit.RequiredTool;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import dev.talosforge.tree.TreeBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The initramfs, read back by us and by GNU cpio. */
public class InitramfsTest {
    private static final String INTEL = "kernel/x86/microcode/GenuineIntel.bin";
    private static final String AMD = "kernel/x86/microcode/AuthenticAMD.bin";

    /** As a base begins: what comes before it must not be taken for its own. */
    private static ByteSource base(int size) {
        byte[] base = SampleParts.noise(size, 11);
        byte[] zstd = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd};
        System.arraycopy(zstd, 0, base, 0, zstd.length);
        base[size - 1] = 1; // ends in something else than padding
        return ByteSource.of(base);
    }

    private static FileTree firmware() throws IOException {
        return new TreeBuilder(0)
                .directory("usr/lib/firmware/amd", 0750)
                .file("usr/lib/firmware/amd/cpu.bin", 0600, "cpu")
                .add(new Entry.RegularFile(
                        "usr/lib/firmware/regulatory.db",
                        new Entry.Attributes(0444, 1000, 1000, 77),
                        ByteSource.of("db".getBytes(UTF_8))))
                .build();
    }

    public static Initramfs.Parts everything() throws IOException {
        return new Initramfs.Parts(
                SampleParts.files(
                        "0.sqsh", SampleParts.noise(10_001, 1),
                        "1.sqsh", SampleParts.noise(4096, 2),
                        "10.sqsh", SampleParts.noise(1, 3),
                        "2.sqsh", SampleParts.noise(3, 4)),
                SampleParts.files(AMD, "amd".getBytes(UTF_8), INTEL, "intel".getBytes(UTF_8)),
                firmware(),
                "layers:\n    - image: 0.sqsh\n");
    }

    /** Mode, owner, time, path and size: what the kernel unpacks, in its order. */
    private static List<String> rows(CpioContents contents) {
        return contents.entries().stream()
                .map(entry -> "%o %d:%d %d %s%s"
                        .formatted(
                                entry.attributes().permissions(),
                                entry.attributes().uid(),
                                entry.attributes().gid(),
                                entry.attributes().modified(),
                                entry.path(),
                                entry instanceof Entry.RegularFile file
                                        ? " " + file.content().size()
                                        : "/"))
                .toList();
    }

    @Test
    void withoutExtensionsTheBaseIsTheInitramfs() throws Exception {
        ByteSource base = base(1001);
        assertSame(
                base,
                Initramfs.assemble(
                        base,
                        new Initramfs.Parts(SampleParts.files(), SampleParts.files(), FileTree.empty(), "layers: []\n"),
                        SampleParts.TIME));
    }

    @Test
    void threePartsInTheOrderThatTheKernelWants() throws Exception {
        for (int size : new int[] {1000, 1001, 1002, 1003}) {
            ByteSource base = base(size);
            ByteSource whole = Initramfs.assemble(base, everything(), SampleParts.TIME);
            CpioContents microcode = CpioReader.read(whole);
            assertEquals(
                    List.of(
                            "755 0:0 1761000000 kernel/",
                            "755 0:0 1761000000 kernel/x86/",
                            "755 0:0 1761000000 kernel/x86/microcode/",
                            "644 0:0 1761000000 kernel/x86/microcode/AuthenticAMD.bin 3",
                            "644 0:0 1761000000 kernel/x86/microcode/GenuineIntel.bin 5"),
                    rows(microcode));
            long baseAt = microcode.end();
            assertEquals(0, baseAt % 512, "GNU cpio's padding, so that the base starts where it did");
            assertArrayEquals(SampleParts.bytes(base), whole.read("base", baseAt, size));
            long appendedAt = baseAt + size + Math.floorMod(-size, 4);
            assertEquals(0, appendedAt % 4);
            assertArrayEquals(new byte[(int) (appendedAt - baseAt - size)], whole.read("zeros", baseAt + size, (int)
                    (appendedAt - baseAt - size)));
            CpioContents appended = CpioReader.read(whole.slice(appendedAt, whole.size() - appendedAt));
            assertEquals(1, appended.archives());
            assertEquals(whole.size() - appendedAt, appended.end());
            assertEquals(
                    List.of(
                            "644 0:0 1761000000 0.sqsh 10001",
                            "644 0:0 1761000000 1.sqsh 4096",
                            "644 0:0 1761000000 10.sqsh 1",
                            "644 0:0 1761000000 2.sqsh 3",
                            "644 0:0 1761000000 extensions.yaml 28",
                            "755 0:0 1761000000 usr/",
                            "755 0:0 1761000000 usr/lib/",
                            "755 0:0 1761000000 usr/lib/firmware/",
                            "750 0:0 1761000000 usr/lib/firmware/amd/",
                            "600 0:0 1761000000 usr/lib/firmware/amd/cpu.bin 3",
                            "444 0:0 1761000000 usr/lib/firmware/regulatory.db 2"),
                    rows(appended));
        }
    }

    @Test
    void withoutMicrocodeTheBaseComesFirst() throws Exception {
        ByteSource base = base(1001);
        Initramfs.Parts parts = new Initramfs.Parts(
                SampleParts.files("0.sqsh", SampleParts.noise(5, 1)), SampleParts.files(), FileTree.empty(), "x");
        ByteSource whole = Initramfs.assemble(base, parts, SampleParts.TIME);
        assertArrayEquals(SampleParts.bytes(base), whole.read("base", 0, 1001));
        assertEquals(
                List.of("0.sqsh", "extensions.yaml"),
                CpioReader.read(whole.slice(1004, whole.size() - 1004)).entries().stream()
                        .map(Entry::path)
                        .toList());
    }

    @Tag("reference")
    @Test
    void gnuCpioListsBothArchives(@TempDir Path folder) throws Exception {
        ByteSource base = base(1003);
        ByteSource whole = Initramfs.assemble(base, everything(), SampleParts.TIME);
        long baseAt = CpioReader.read(whole).end();
        RequiredTool cpio = RequiredTool.named("cpio", "cpio");
        Path first = SampleParts.write(whole.slice(0, baseAt), folder.resolve("first"));
        assertEquals(
                List.of("kernel", "kernel/x86", "kernel/x86/microcode", AMD, INTEL),
                listed(cpio.run(folder, first, "-t")));
        long appendedAt = baseAt + 1004;
        Path last = SampleParts.write(whole.slice(appendedAt, whole.size() - appendedAt), folder.resolve("last"));
        assertEquals(
                List.of(
                        "0.sqsh",
                        "1.sqsh",
                        "10.sqsh",
                        "2.sqsh",
                        "extensions.yaml",
                        "usr",
                        "usr/lib",
                        "usr/lib/firmware",
                        "usr/lib/firmware/amd",
                        "usr/lib/firmware/amd/cpu.bin",
                        "usr/lib/firmware/regulatory.db"),
                listed(cpio.run(folder, last, "-t")));
        cpio.run(folder, last, "-id", "--no-absolute-filenames");
        assertEquals(Sha256.of(SampleParts.noise(10_001, 1)), Sha256.of(ByteSource.of(folder.resolve("0.sqsh"))));
    }

    /** Without the count of blocks, which cpio prints whenever it likes. */
    private static List<String> listed(String output) {
        return output.lines().filter(line -> !line.endsWith(" blocks")).toList();
    }

    @Test
    void sameBytesTwice() throws Exception {
        assertEquals(
                Sha256.of(Initramfs.assemble(base(1001), everything(), SampleParts.TIME)),
                Sha256.of(Initramfs.assemble(base(1001), everything(), SampleParts.TIME)));
    }

    /** Extensions with microcode and firmware, on their whole way into the initramfs. */
    @Test
    void fromExtensionsToTheInitramfs() throws Exception {
        TreeBuilder first = new TreeBuilder(0)
                .file("usr/lib/firmware/intel-ucode/06-8f-08", 0600, "second ")
                .file("usr/lib/firmware/intel-ucode/06-55-04", 0600, "first ")
                .file("usr/lib/firmware/i915/a.bin", 0640, "a");
        TreeBuilder second = new TreeBuilder(0)
                .file("usr/lib/firmware/intel-ucode/06-00-00", 0600, "third")
                .file("usr/lib/firmware/amd-ucode/microcode_amd_fam19h.bin", 0600, "amd");
        List<Extension> extensions = List.of(
                new Extension(new ExtensionManifest("a", "1", "", "", "", ""), first.build()),
                new Extension(new ExtensionManifest("b", "1", "", "", "", ""), second.build()));
        InitramfsFiles files = InitramfsFiles.of(extensions, Quirks.of(SampleParts.VERSION), SampleParts.TIME);
        ByteSource whole = Initramfs.assemble(
                base(1000),
                new Initramfs.Parts(
                        SampleParts.files("0.sqsh", new byte[] {1}, "1.sqsh", new byte[] {2}),
                        SampleParts.files(
                                AMD, SampleParts.bytes(files.amdMicrocode()),
                                INTEL, SampleParts.bytes(files.intelMicrocode())),
                        files.firmware(),
                        "layers: []\n"),
                SampleParts.TIME);
        CpioContents microcode = CpioReader.read(whole);
        assertEquals(
                "first second third",
                new String(
                        SampleParts.bytes(
                                ((Entry.RegularFile) microcode.entries().getLast()).content()),
                        UTF_8));
        long appendedAt = microcode.end() + 1000;
        List<String> appended = rows(CpioReader.read(whole.slice(appendedAt, whole.size() - appendedAt)));
        assertTrue(
                appended.containsAll(List.of(
                        "755 0:0 1761000000 usr/lib/firmware/i915/",
                        "640 0:0 1761000000 usr/lib/firmware/i915/a.bin 1",
                        "755 0:0 1761000000 usr/lib/firmware/intel-ucode/")),
                appended::toString);
        assertEquals(
                List.of(List.of("usr", "usr/lib"), List.of("usr", "usr/lib")),
                files.rootfs().stream()
                        .map(tree -> tree.entries().stream().map(Entry::path).toList())
                        .toList());
        assertEquals(
                1,
                Arrays.stream(appended.toArray())
                        .filter("755 0:0 1761000000 usr/"::equals)
                        .count());
    }
}
