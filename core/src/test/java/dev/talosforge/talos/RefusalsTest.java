package dev.talosforge.talos;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.LimitException;
import dev.talosforge.format.pe.PeImage;
import dev.talosforge.format.pe.UkiAssembler;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.support.BrokenInput;
import dev.talosforge.talos.extension.ExtensionImage;
import dev.talosforge.talos.image.BootFiles;
import dev.talosforge.talos.image.BootIso;
import dev.talosforge.talos.image.EfiProgram;
import dev.talosforge.talos.image.UkiSections;
import dev.talosforge.talos.kernel.KernelFile;
import dev.talosforge.testkit.Golden;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.Entry.Attributes;
import dev.talosforge.tree.FileTree;
import dev.talosforge.tree.TreeBuilder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What is refused, and in which words: the whole text of each problem is kept in a golden file. */
class RefusalsTest {
    private static final String TOOL = "rootfs/usr/local/bin/tool";
    private static final String MANIFEST = """
            version: v1alpha1
            metadata:
              name: tool
              version: 1.0.0
              author: Somebody
              description: Does something.
              compatibility:
                talos:
                  version: ">= v1.11.0 < v1.12.0"
            """;

    private final List<String> lines = new ArrayList<>();

    private static TreeBuilder good() {
        return new TreeBuilder(0).file("manifest.yaml", 0644, MANIFEST).file(TOOL, 0755, "tool");
    }

    private void extension(String name, Consumer<TreeBuilder> change) throws IOException {
        TreeBuilder tree = good();
        change.accept(tree);
        refused(name, tree.build());
    }

    private void manifest(String name, String text) throws IOException {
        extension("manifest " + name, tree -> tree.file("manifest.yaml", 0644, text));
    }

    private void constraint(String text) throws IOException {
        manifest("for " + text, MANIFEST.replace(">= v1.11.0 < v1.12.0", text));
    }

    private void refused(String name, FileTree tree) {
        lines.add("# " + name);
        ExtensionImage image = new ExtensionImage("registry.test/tool:v1", tree, false);
        BuildException failure = assertThrows(
                BuildException.class, () -> ExtensionImage.load(List.of(image), SampleParts.VERSION), name);
        assertTrue(failure.problems().size() <= 22, name);
        for (Problem problem : failure.problems()) {
            lines.add("%s: %s: %s%s"
                    .formatted(
                            problem.kind(),
                            problem.what(),
                            problem.why(),
                            problem.remedy() == null ? "" : "; " + problem.remedy()));
        }
    }

    @Test
    void extensions() throws Exception {
        layouts();
        manifests();
        contents();
        Golden.check("extension-refusals", lines);
    }

    private void layouts() throws IOException {
        refused("nothing at all", FileTree.empty());
        extension("a licence", tree -> tree.file("LICENSE", 0644, "MIT"));
        extension("a whiteout", tree -> tree.file(".wh.x", 0644, ""));
        extension("a link beside", tree -> tree.symlink("link", "rootfs"));
        refused("no manifest", good().build().filter(e -> !e.path().equals("manifest.yaml")));
        refused("no rootfs", good().build().filter(e -> !e.path().startsWith("rootfs")));
        extension("manifest is a folder", tree -> tree.directory("manifest.yaml", 0755));
        extension("manifest is a link", tree -> tree.symlink("manifest.yaml", "/etc/passwd"));
        refused(
                "rootfs is a link",
                new TreeBuilder(0)
                        .file("manifest.yaml", 0644, MANIFEST)
                        .symlink("rootfs", "/")
                        .build());
        extension("a whole distribution", tree -> {
            for (int i = 0; i < 25; i++) {
                tree.directory("folder%02d".formatted(i), 0755);
            }
        });
        extension(
                "a hard link out of rootfs",
                tree -> tree.file("LICENSE", 0644, "MIT")
                        .add(new Entry.HardLink("rootfs/usr/local/copy", Attributes.root(0644, 0), "LICENSE")));
    }

    private void manifests() throws IOException {
        manifest("empty", "");
        manifest("without content", "---\n");
        manifest("of another format", "version: v2\n");
        manifest("whose format is a number", "version: 1\n");
        manifest("a list", "- x\n");
        manifest("a text", "just words");
        manifest("not YAML", "a: b: c");
        manifest("with a tab", "version: v1alpha1\n\tmetadata:\n");
        manifest("with a key twice", "version: v1alpha1\nversion: v1alpha1\n");
        manifest("with a list as metadata", "version: v1alpha1\nmetadata: [1]\n");
        manifest("with a mapping as name", "version: v1alpha1\nmetadata: {name: {a: b}}\n");
        manifest("with an alias to nothing", "version: v1alpha1\nmetadata: *nothing\n");
        manifest("nested deeply", "version: v1alpha1\nmetadata: " + "[".repeat(100_000));
        manifest("too large", MANIFEST + "#" + "x".repeat(1 << 18));
        manifest("with a NUL", "version: v1alpha1\0\n");
        StringBuilder bomb = new StringBuilder("a0: &a0 [x]\n");
        for (int i = 1; i < 60; i++) {
            bomb.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ",").repeat(9)));
        }
        manifest("that is an alias bomb", bomb + "version: v0\n");
        extension(
                "manifest in Latin-1",
                tree -> tree.file("manifest.yaml", 0644, ByteSource.of("version: \u00e4\n".getBytes(ISO_8859_1))));
        for (String text : List.of(
                ">= v1.12.0",
                "< v1.11.0",
                "!= v1.11.5",
                "1.10.x || 1.12.x",
                "~v1.11.0",
                "^1.11",
                ">= v1.11",
                ">= ",
                "||",
                "latest",
                "x".repeat(1001))) {
            constraint(text);
        }
    }

    private void contents() throws IOException {
        extension("a file in /boot", tree -> tree.file("rootfs/boot/vmlinuz", 0644, ""));
        extension("a library in /usr/lib64", tree -> tree.file("rootfs/usr/lib64/a.so", 0644, ""));
        extension("a link in /etc", tree -> tree.symlink("rootfs/etc/passwd", "/usr/local/passwd"));
        extension("firmware before the merge of /usr", tree -> tree.file("rootfs/lib/firmware/a.bin", 0644, ""));
        extension("a file for all to write", tree -> tree.file(TOOL, 0666, ""));
        extension("a folder for all to write", tree -> tree.directory("rootfs/usr/local/tmp", 0777));
        extension("set-user-id", tree -> tree.file(TOOL, 04755, ""));
        extension("set-group-id", tree -> tree.file(TOOL, 02755, ""));
        extension(
                "a device",
                tree -> tree.add(new Entry.CharDevice("rootfs/usr/local/null", Attributes.root(0644, 0), 1, 3)));
        extension(
                "a disk in /dev",
                tree -> tree.add(new Entry.BlockDevice("rootfs/dev/sda", Attributes.root(0644, 0), 8, 0)));
        extension("a pipe", tree -> tree.add(new Entry.Fifo("rootfs/usr/local/pipe", Attributes.root(0644, 0))));
        extension("kernel modules", tree -> tree.file("rootfs/usr/lib/modules/6.12.57-talos/a.ko", 0644, ""));
        extension(
                "all of it",
                tree -> tree.file("LICENSE", 0644, "")
                        .file("manifest.yaml", 0644, MANIFEST.replace(">= v1.11.0 < v1.12.0", ">= v2.0.0"))
                        .file("rootfs/opt/tool", 06777, ""));
        extension("many files", tree -> {
            for (int i = 0; i < 100; i++) {
                tree.file("rootfs/opt/%02d".formatted(i), 0644, "");
            }
        });
    }

    /** Nothing of these is an extension's fault. */
    @Test
    void whatTalosTakesIsTaken() throws Exception {
        FileTree tree = new TreeBuilder(0)
                .file("manifest.yaml", 0644, "\ufeff" + MANIFEST)
                .directory("rootfs/usr/local/tmp", 01777)
                .directory("rootfs/opt/empty", 0755)
                .symlink("rootfs/usr/local/link", "../../../../etc/passwd")
                .add(new Entry.HardLink("rootfs/usr/local/bin/same", Attributes.root(0755, 0), TOOL))
                .file(TOOL, 0755, "tool")
                .build();
        ExtensionImage image = new ExtensionImage("registry.test/tool:v1", tree, false);
        assertEquals(
                "tool",
                ExtensionImage.load(List.of(image), SampleParts.VERSION)
                        .getFirst()
                        .manifest()
                        .name());
    }

    private interface Attempt {
        void run() throws IOException;
    }

    private void parts(String name, Attempt attempt) {
        lines.add("# " + name);
        IOException failure = assertThrows(IOException.class, attempt::run, name);
        assertTrue(failure instanceof FormatException || failure instanceof LimitException, failure::toString);
        lines.add(String.valueOf(failure.getMessage()));
    }

    private void kernel(String name, byte[] kernel) {
        parts("kernel " + name, () -> KernelFile.read(ByteSource.of(kernel), Architecture.AMD64));
    }

    private void stub(String name, byte[] stub) {
        parts("stub " + name, () -> uki(ByteSource.of(stub)));
    }

    private static ByteSource uki(ByteSource stub) throws IOException {
        UkiSections sections = new UkiSections(
                SampleParts.VERSION,
                SampleParts.COMMAND_LINE,
                "6.12.57-talos",
                null,
                ByteSource.zeros(1000),
                ByteSource.zeros(2000));
        return UkiAssembler.assemble(
                        EfiProgram.read("systemd-stub.efi", stub, Architecture.AMD64),
                        sections.of(OutputKind.ISO),
                        BootIso.ALIGNMENT,
                        SampleParts.TIME)
                .bytes();
    }

    private static byte[] changed(byte[] original, int at, int... values) {
        byte[] changed = original.clone();
        for (int i = 0; i < values.length; i++) {
            changed[at + i] = (byte) values[i];
        }
        return changed;
    }

    @Test
    void filesOfTheImager() throws Exception {
        byte[] kernel = SampleParts.bytes(SampleParts.kernel());
        kernel("that is a text", "not a kernel".getBytes(ISO_8859_1));
        kernel("that is empty", new byte[0]);
        kernel("of arm64", SampleParts.program(0xaa64, 30_000));
        kernel("that is another program", SampleParts.program(0x8664, 30_000));
        kernel("whose version is beyond its setup code", changed(kernel, 0x20e, 0xff, 0xff));
        kernel("that is cut", Arrays.copyOf(kernel, 0x1000));
        byte[] stub = SampleParts.bytes(SampleParts.stub());
        stub("that is a script", "#!/bin/sh\n".getBytes(ISO_8859_1));
        stub("of arm64", SampleParts.program(0xaa64, 512));
        stub("of 32 bits", changed(stub, 0x98, 0x0b, 0x01));
        stub("that is cut", Arrays.copyOf(stub, 0x5000));
        stub("with symbols", changed(stub, 0x8c, 1));
        stub("that is signed", changed(stub, 0x98 + 112 + 4 * 8, 1, 0, 0, 0, 1));
        Golden.check("imager-refusals", lines);
    }

    @Test
    void damagedStubsEndInAnIoException() throws Exception {
        byte[] stub = SampleParts.program(0x8664, 512);
        BrokenInput.feed(stub, 7, 0x200, source -> uki(source).readAll("UKI", 1 << 24));
    }

    /**
     * Each part of GRUB on its own is damaged in the tests of its format; here it is about what comes out of the
     * recipe.
     */
    @Test
    void damagedFilesOfGrubEndInAnIoException() throws Exception {
        TreeBuilder grub = SampleParts.grub();
        PeImage uki = PeImage.read(uki(ByteSource.of(SampleParts.program(0x8664, 512))));
        if (grub.build().get("moddep.lst") instanceof Entry.RegularFile file) {
            byte[] good = SampleParts.bytes(file.content());
            BrokenInput.feed(
                    good,
                    1,
                    good.length,
                    source -> iso(grub.file("moddep.lst", 0644, source).build(), uki));
        }
    }

    private static void iso(FileTree grub, PeImage uki) throws IOException {
        ByteSource iso = BootIso.of(
                new BootIso.Contents(
                        SampleParts.VERSION,
                        Architecture.AMD64,
                        uki,
                        ByteSource.of(SampleParts.program(0x8664, 512)),
                        grub,
                        "",
                        BootFiles.loaderConf(),
                        SampleParts.TIME),
                (block, offset, length) -> new byte[length / 2]);
        assertTrue(iso.size() > 0);
    }
}
