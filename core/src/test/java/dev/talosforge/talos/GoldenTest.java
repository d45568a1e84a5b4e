package dev.talosforge.talos;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.format.cpio.CpioReader;
import dev.talosforge.format.fat.FatReader;
import dev.talosforge.format.gpt.Gpt;
import dev.talosforge.format.gpt.GptPartition;
import dev.talosforge.format.iso9660.IsoReader;
import dev.talosforge.format.pe.PeImage;
import dev.talosforge.format.pe.PeSection;
import dev.talosforge.talos.image.BootIso;
import dev.talosforge.talos.image.Initramfs;
import dev.talosforge.talos.image.InitramfsTest;
import dev.talosforge.testkit.Golden;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Not one byte changes unnoticed. Where one is meant to: raise {@code Assembly.REVISION} and update the files. */
class GoldenTest {
    private static ByteSource base() {
        return ByteSource.of(SampleParts.noise(1001, 11));
    }

    private static void tree(FileTree tree, List<String> lines) throws IOException {
        entries(tree.entries(), lines);
    }

    private static void entries(List<Entry> entries, List<String> lines) throws IOException {
        for (Entry entry : entries) {
            lines.add("%s %o %d:%d %d%s"
                    .formatted(
                            entry.path(),
                            entry.attributes().permissions(),
                            entry.attributes().uid(),
                            entry.attributes().gid(),
                            entry.attributes().modified(),
                            entry instanceof Entry.RegularFile file
                                    ? " " + SampleParts.shortDigest(file.content())
                                    : ""));
        }
    }

    @Test
    void initramfs() throws Exception {
        ByteSource whole = Initramfs.assemble(base(), InitramfsTest.everything(), SampleParts.TIME);
        List<String> lines = new ArrayList<>();
        var microcode = CpioReader.read(whole);
        entries(microcode.entries(), lines);
        lines.add("base at " + microcode.end());
        long appended = microcode.end() + 1004;
        lines.add("extensions at " + appended);
        entries(CpioReader.read(whole.slice(appended, whole.size() - appended)).entries(), lines);
        lines.add("microcode " + SampleParts.shortDigest(whole.slice(0, microcode.end())));
        lines.add("extensions " + SampleParts.shortDigest(whole.slice(appended, whole.size() - appended)));
        lines.add("all " + SampleParts.shortDigest(whole));
        Golden.check("initramfs", lines);
    }

    private static void uki(PeImage image, List<String> lines) throws IOException {
        for (PeSection section : image.sections()) {
            lines.add("%s address 0x%x at 0x%x padded 0x%x flags 0x%x %s"
                    .formatted(
                            section.name(),
                            section.virtualAddress(),
                            section.rawOffset(),
                            section.rawSize(),
                            section.characteristics(),
                            SampleParts.shortDigest(image.content(section))));
        }
        lines.add("headers "
                + SampleParts.shortDigest(
                        image.bytes().slice(0, image.sections().getFirst().rawOffset())));
        lines.add("all " + SampleParts.shortDigest(image.bytes()));
    }

    @Test
    void unifiedKernelImages() throws Exception {
        List<String> lines = new ArrayList<>();
        lines.add("installer");
        uki(SampleParts.uki(SampleParts.VERSION, SampleParts.kernel(), base(), OutputKind.INSTALLER, 512), lines);
        lines.add("ISO");
        uki(
                SampleParts.uki(SampleParts.VERSION, SampleParts.kernel(), base(), OutputKind.ISO, BootIso.ALIGNMENT),
                lines);
        Golden.check("uki", lines);
    }

    @Test
    void iso() throws Exception {
        // stored instead of compressed: the bytes are not to depend on a codec
        ByteSource iso = BootIso.of(
                SampleParts.iso(SampleParts.VERSION, SampleParts.grub().build()),
                (block, offset, length) -> java.util.Arrays.copyOfRange(block, offset, offset + length));
        List<String> lines = new ArrayList<>();
        Gpt table = Gpt.read(iso, 512);
        lines.add("disk " + table.disk());
        for (GptPartition partition : table.partitions()) {
            lines.add(partition.toString());
        }
        IsoReader.Volume volume = IsoReader.read(iso);
        lines.add(volume.labels().toString());
        lines.add(volume.bootImages().toString());
        tree(volume.tree(), lines);
        GptPartition efi = table.partitions().getLast();
        ByteSource partition = iso.slice(efi.firstLba() * 512, (efi.lastLba() - efi.firstLba() + 1) * 512);
        lines.add(FatReader.volume(partition).toString());
        tree(FatReader.read(partition), lines);
        lines.add("system area " + SampleParts.shortDigest(iso.slice(0, 32768)));
        lines.add("descriptors and directories " + SampleParts.shortDigest(iso.slice(32768, 65536)));
        lines.add("partition " + SampleParts.shortDigest(partition));
        lines.add("all " + SampleParts.shortDigest(iso));
        Golden.check("iso", lines);
    }
}
