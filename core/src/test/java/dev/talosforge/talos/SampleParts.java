package dev.talosforge.talos;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.talosforge.bytes.ByteSink;
import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.format.compress.Xz;
import dev.talosforge.format.pe.PeImage;
import dev.talosforge.format.pe.UkiAssembler;
import dev.talosforge.talos.image.BootFiles;
import dev.talosforge.talos.image.BootIso;
import dev.talosforge.talos.image.EfiProgram;
import dev.talosforge.talos.image.GrubConfig;
import dev.talosforge.talos.image.UkiSections;
import dev.talosforge.talos.kernel.KernelFile;
import dev.talosforge.tree.FileTree;
import dev.talosforge.tree.TreeBuilder;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.Random;
import java.util.SequencedMap;

/** Made-up parts of an image that are the same in every run. Nothing of them starts. */
public final class SampleParts {
    public static final long TIME = 1_761_000_000L;
    public static final TalosVersion VERSION = version("v1.11.5");
    static final String COMMAND_LINE = "talos.platform=nocloud console=ttyS0 a=${b}";

    private static final int HEADER_AT = 0x80;
    private static final int OPTIONAL_SIZE = 240;
    private static final int FIRST_RAW = 0x400;

    private SampleParts() {}

    public static TalosVersion version(String text) {
        return Objects.requireNonNull(TalosVersion.parse(text));
    }

    public static byte[] noise(int size, long seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /** A program with one section. */
    public static byte[] program(int machine, int textSize) {
        ByteBuffer out = ByteBuffer.allocate(FIRST_RAW + textSize).order(ByteOrder.LITTLE_ENDIAN);
        out.put(0, (byte) 'M').put(1, (byte) 'Z').putInt(0x3c, HEADER_AT);
        out.position(HEADER_AT);
        out.put("PE\0\0".getBytes(UTF_8));
        out.putShort((short) machine).putShort((short) 1).putInt(0).putInt(0).putInt(0);
        out.putShort((short) OPTIONAL_SIZE).putShort((short) 0x206);
        int optional = out.position();
        out.putShort((short) 0x20b).putShort((short) 0);
        out.putInt(textSize).putInt(0).putInt(0).putInt(0x1000).putInt(0x1000);
        out.putLong(0x1_4000_0000L).putInt(0x1000).putInt(0x200);
        out.position(out.position() + 6 * Short.BYTES + Integer.BYTES);
        out.putInt(0x1000 + textSize).putInt(FIRST_RAW).putInt(0);
        out.putShort((short) 10).putShort((short) 0x160);
        out.putLong(0x100000).putLong(0x1000).putLong(0x100000).putLong(0x1000);
        out.putInt(0).putInt(16);
        out.position(optional + OPTIONAL_SIZE);
        out.put(Arrays.copyOf(".text".getBytes(UTF_8), 8));
        out.putInt(textSize).putInt(0x1000).putInt(textSize).putInt(FIRST_RAW);
        out.putInt(0).putInt(0).putInt(0).putInt(0x60000020);
        out.position(FIRST_RAW);
        out.put(noise(textSize, textSize));
        return out.array();
    }

    public static ByteSource bootLoader() {
        return ByteSource.of(program(0x8664, 0x1a600));
    }

    public static ByteSource stub() {
        return ByteSource.of(program(0x8664, 0x10400));
    }

    /** A bzImage as far as it says its version. */
    public static ByteSource kernel() {
        byte[] kernel = program(0x8664, 300_544);
        kernel[0x1f1] = 16;
        put(kernel, 0x202, "HdrS");
        kernel[0x20e] = 0;
        kernel[0x20f] = 0x10;
        put(kernel, 0x1200, "6.12.57-talos (root@buildkitsandbox)\0");
        return ByteSource.of(kernel);
    }

    static void put(byte[] into, int at, String text) {
        System.arraycopy(text.getBytes(UTF_8), 0, into, at, text.length());
    }

    public static ByteSource initramfs() {
        return ByteSource.of(noise(1_000_003, 7));
    }

    public static PeImage uki(
            TalosVersion version, ByteSource kernel, ByteSource initramfs, OutputKind kind, int alignment)
            throws IOException {
        UkiSections sections = new UkiSections(
                version,
                COMMAND_LINE,
                KernelFile.read(kernel, Architecture.AMD64).version(),
                null,
                kernel,
                initramfs);
        return UkiAssembler.assemble(
                EfiProgram.read("systemd-stub.efi", stub(), Architecture.AMD64), sections.of(kind), alignment, TIME);
    }

    public static BootIso.Contents iso(TalosVersion version, FileTree grub) throws IOException {
        return new BootIso.Contents(
                version,
                Architecture.AMD64,
                uki(version, kernel(), initramfs(), OutputKind.ISO, BootIso.ALIGNMENT),
                bootLoader(),
                grub,
                GrubConfig.of(COMMAND_LINE, version),
                BootFiles.loaderConf(),
                TIME);
    }

    /** GRUB's files in the right sizes and with the right marks: enough to be put together. */
    public static TreeBuilder grub() {
        byte[] diskBoot = noise(512, 1);
        diskBoot[510] = 0x20;
        diskBoot[511] = 0x08;
        TreeBuilder grub = new TreeBuilder(TIME)
                .file("cdboot.img", 0644, ByteSource.of(noise(2048, 2)))
                .file("diskboot.img", 0644, ByteSource.of(diskBoot))
                .file("boot_hybrid.img", 0644, ByteSource.of(bootSector()))
                .file("lzma_decompress.img", 0644, ByteSource.of(noise(2848, 3)))
                .file("kernel.img", 0644, ByteSource.of(elf()))
                .file("moddep.lst", 0644, "normal: terminal\nlinux:\nterminal:\n");
        for (String module :
                new String[] {"biosdisk", "iso9660", "normal", "linux", "all_video", "minicmd", "terminal"}) {
            grub.file(module + ".mod", 0644, ByteSource.of(noise(1001, module.length())));
        }
        return grub;
    }

    /** Code, then an empty partition table and the mark. */
    private static byte[] bootSector() {
        byte[] sector = new byte[512];
        System.arraycopy(noise(432, 4), 0, sector, 0, 432);
        sector[510] = 0x55;
        sector[511] = (byte) 0xaa;
        return sector;
    }

    /** One loaded section at the address where GRUB's kernel starts. */
    private static byte[] elf() {
        byte[] code = noise(3000, 5);
        ByteBuffer out = ByteBuffer.allocate(52 + 40 + code.length).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(0x464c457f).putInt(0x010101).putLong(0);
        out.putShort((short) 2).putShort((short) 3).putInt(1).putInt(0x9000).putInt(0);
        out.putInt(52).putInt(0).putShort((short) 52).putShort((short) 0).putShort((short) 0);
        out.putShort((short) 40).putShort((short) 1).putShort((short) 0);
        out.putInt(0).putInt(1).putInt(2).putInt(0x9000).putInt(92).putInt(code.length);
        out.position(92);
        return out.put(code).array();
    }

    public static byte[] lzma(byte[] block, int offset, int length) {
        return Xz.rawLzma1(Arrays.copyOfRange(block, offset, offset + length));
    }

    public static SequencedMap<String, ByteSource> files(Object... namesAndContents) {
        SequencedMap<String, ByteSource> files = new LinkedHashMap<>();
        for (int i = 0; i < namesAndContents.length; i += 2) {
            files.put((String) namesAndContents[i], ByteSource.of((byte[]) namesAndContents[i + 1]));
        }
        return files;
    }

    public static byte[] bytes(ByteSource source) throws IOException {
        return source.readAll("sample", 1 << 26);
    }

    static String shortDigest(ByteSource source) throws IOException {
        return source.size() + " bytes " + Sha256.of(source).hex().substring(0, 16);
    }

    public static Path write(ByteSource source, Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            ByteSink.over(out).copy(source).flush();
        }
        return file;
    }
}
