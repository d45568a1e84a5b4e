package dev.talosforge.format.grub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.LimitException;
import dev.talosforge.support.BrokenInput;
import dev.talosforge.support.DocumentedLayout;
import dev.talosforge.testkit.RequiredTool;
import dev.talosforge.tree.DiskTree;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import dev.talosforge.tree.TreeBuilder;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.LZMAInputStream;
import org.tukaani.xz.LZMAOutputStream;

class CoreImageTest {
    private static final Path GRUB = Path.of("/usr/lib/grub/i386-pc");
    private static final Path NOTHING = Path.of("/dev/null");
    private static final int STREAM = 0xa00 + 2848;

    private static FileTree grub() throws IOException {
        if (!Files.exists(GRUB)) {
            String missing = GRUB + " is not there: apt-get install grub-pc-bin";
            if (System.getenv("CI") != null) {
                throw new AssertionError(missing);
            }
            Assumptions.abort(missing);
        }
        return DiskTree.read(GRUB);
    }

    private static byte[] lzma(byte[] block, int offset, int length) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            LZMA2Options options = new LZMA2Options();
            options.setDictSize(1 << 16);
            try (LZMAOutputStream lzma = new LZMAOutputStream(out, options, false)) {
                lzma.write(block, offset, length);
            }
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ByteBuffer view(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] payload(byte[] core) throws IOException {
        int size = view(core).getInt(0xa0c);
        ByteArrayInputStream stream = new ByteArrayInputStream(core, STREAM, core.length - STREAM);
        try (LZMAInputStream lzma = new LZMAInputStream(stream, size, (byte) 0x5d, 1 << 16)) {
            return lzma.readAllBytes();
        }
    }

    /** All but the stream and the two sizes that follow from it is the same, and so is what the stream holds. */
    @Tag("reference")
    @Test
    void sameAsGrubMkimage(@TempDir Path dir) throws Exception {
        RequiredTool mkimage = RequiredTool.named("grub-mkimage", "grub-common");
        Files.writeString(dir.resolve("config"), "set timeout=3\n");
        for (String config : List.of("", "set timeout=3\n")) {
            java.util.ArrayList<String> arguments = new java.util.ArrayList<>(
                    List.of("-O", "i386-pc-eltorito", "-p", "/boot/grub", "-o", "core.img", "-d", GRUB.toString()));
            if (!config.isEmpty()) {
                arguments.addAll(List.of("-c", "config"));
            }
            arguments.addAll(CoreImage.ISO_MODULES);
            FileTree grub = grub();
            mkimage.run(dir, NOTHING, arguments.toArray(String[]::new));
            byte[] theirs = Files.readAllBytes(dir.resolve("core.img"));
            byte[] ours = CoreImage.build(grub, CoreImage.ISO_MODULES, CoreImage.PREFIX, config, CoreImageTest::lzma)
                    .bytes();
            assertArrayEquals(payload(theirs), payload(ours));
            assertEquals(ours.length - STREAM, view(ours).getInt(0xa08));
            assertEquals((ours.length - 0xa00 + 511) / 512, view(ours).getShort(0x9fc));
            assertArrayEquals(masked(theirs), masked(ours));
        }
    }

    private static byte[] masked(byte[] core) {
        byte[] head = Arrays.copyOf(core, STREAM);
        Arrays.fill(head, 0xa08, 0xa0c, (byte) 0);
        Arrays.fill(head, 0x9fc, 0x9fe, (byte) 0);
        return head;
    }

    @Tag("reference")
    @Test
    void patchedAsXorrisoPatches(@TempDir Path dir) throws Exception {
        RequiredTool xorriso = RequiredTool.named("xorriso", "xorriso");
        FileTree grub = grub();
        CoreImage core = CoreImage.build(grub, CoreImage.ISO_MODULES, CoreImage.PREFIX, "", CoreImageTest::lzma);
        Path root = Files.createDirectory(dir.resolve("root"));
        Files.write(root.resolve("core.img"), core.bytes());
        Files.write(root.resolve("other"), new byte[5000]);
        xorriso.run(
                dir,
                NOTHING,
                "-as",
                "mkisofs",
                "-o",
                "out.iso",
                "--grub2-mbr",
                GRUB.resolve("boot_hybrid.img").toString(),
                "-b",
                "core.img",
                "-no-emul-boot",
                "-boot-load-size",
                "4",
                "-boot-info-table",
                "--grub2-boot-info",
                "root");
        byte[] iso = Files.readAllBytes(dir.resolve("out.iso"));
        int catalog = view(iso).getInt(17 * 2048 + 71);
        int block = view(iso).getInt(catalog * 2048 + 32 + 8);
        assertArrayEquals(Arrays.copyOfRange(iso, block * 2048, block * 2048 + core.size()), core.patchedFor(block));
        assertArrayEquals(Arrays.copyOf(iso, 440), Arrays.copyOf(HybridBoot.sector(grub, block), 440));
    }

    @Test
    void refusesWhatABiosHasNoRoomFor() throws Exception {
        FileTree grub = grub();
        LimitException failure = assertThrows(
                LimitException.class,
                () -> CoreImage.build(
                        grub, List.of("biosdisk"), "/boot/grub", "", (block, offset, length) -> new byte[500_000]));
        assertEquals(
                "GRUB core image: biosdisk: 502848 bytes, but a BIOS leaves room for 454656", failure.getMessage());
    }

    @Test
    void namesTheFileThatIsMissing() throws Exception {
        FileTree tree =
                new TreeBuilder(0).file("moddep.lst", 0644, "a: b\nb:\n").build();
        FormatException failure = assertThrows(
                FormatException.class,
                () -> CoreImage.build(tree, List.of("a"), "/boot/grub", "", CoreImageTest::lzma));
        assertEquals("GRUB i386-pc directory at offset 0 (0x0): has no file b.mod", failure.getMessage());
    }

    @Test
    void modulesComeAfterWhatTheyNeedFromTheLastOn() throws Exception {
        ModuleOrder order = ModuleOrder.parse("a: b c\nb: d\nc: d\nd:\n");
        assertEquals(List.of("d", "c", "b", "a"), order.closure(List.of("a")));
        assertEquals(List.of("d", "b", "c", "a"), order.closure(List.of("b", "a")));
        FormatException failure = assertThrows(
                FormatException.class, () -> ModuleOrder.parse("a: b\nb: a\n").closure(List.of("a")));
        assertEquals("GRUB moddep.lst at offset 0 (0x0): a depends on itself: [a, b]", failure.getMessage());
    }

    @Test
    void brokenKernelsEndInAFormatException() throws Exception {
        byte[] good = new GrubDirectory(grub()).file("kernel.img");
        BrokenInput.feed(good, 97, 52, source -> KernelImage.load(source.readAll("kernel", 1 << 20)));
        byte[] tail = good.clone();
        BrokenInput.feed(tail, tail.length, tail.length, source -> KernelImage.load(source.readAll("kernel", 1 << 20)));
    }

    @Test
    void refusesADiskbootOfAnotherKind() throws Exception {
        FileTree grub = grub();
        TreeBuilder changed = new TreeBuilder(0);
        for (Entry entry : grub.entries()) {
            changed.add(entry);
        }
        changed.file("diskboot.img", 0644, ByteSource.of(new byte[512]));
        FileTree tree = changed.build();
        FormatException failure = assertThrows(
                FormatException.class,
                () -> CoreImage.build(tree, List.of("biosdisk"), "/boot/grub", "", CoreImageTest::lzma));
        assertEquals("GRUB diskboot.img at offset 510 (0x1fe): segment is 0, expected 2080", failure.getMessage());
    }

    @Test
    void documentedLayoutsAreTheRealOnes() throws Exception {
        assertEquals(
                DocumentedLayout.of("grub", "Boot info table"),
                CoreImage.bootInfo(1, 2, 3).layout());
        assertEquals(DocumentedLayout.of("grub", "Module info"), Payload.info(1).layout());
        assertEquals(
                DocumentedLayout.of("grub", "Module header"),
                Payload.header(0, 1).layout());
        assertTrue("/boot/grub".getBytes(UTF_8).length < 64);
    }
}
