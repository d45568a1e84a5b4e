package dev.talosforge.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The files of Talos' images as far as anybody looks at them, made without the product's own writers. Nothing of them
 * starts. Names are paths in the image, contents are the same in every run.
 */
public final class FakeTalos {
    /** The release that the kernel says it is. */
    public static final String KERNEL_RELEASE = "6.12.57-tests";

    private static final Path GRUB = Path.of("/usr/lib/grub/i386-pc");

    private static final int PE_AT = 0x78;
    private static final int FIRST_SECTION_AT = 0x400;
    private static final int OPTIONAL_SIZE = 240;
    private static final int STUB_SIZE = 0x16000;

    /** A section's name, virtual size, virtual address, size and offset in the file, and characteristics. */
    private record Section(String name, int size, int address, int rawSize, int rawOffset, int characteristics) {}

    /** Those of systemd's stub. */
    private static final List<Section> SECTIONS = List.of(
            new Section(".text", 0x10209, 0x1000, 0x10400, 0x400, 0x60000020),
            new Section(".rodata", 0x4ed8, 0x12000, 0x5000, 0x10800, 0x40000040),
            new Section(".data", 0xf0, 0x17000, 0x200, 0x15800, 0xc0000040),
            new Section(".sbat", 0xf1, 0x18000, 0x200, 0x15a00, 0x40000040),
            new Section(".sdmagic", 0x2d, 0x19000, 0x200, 0x15c00, 0x40000040),
            new Section(".reloc", 0x94, 0x1a000, 0x200, 0x15e00, 0x42000040));

    /** A processor, as images and as PE files name it. */
    public enum Cpu {
        AMD64("amd64", 0x8664),
        ARM64("arm64", 0xaa64);

        private final String label;
        private final int machine;

        Cpu(String label, int machine) {
            this.label = label;
            this.machine = machine;
        }

        public String label() {
            return label;
        }

        /** The same one by the name that images have it under. */
        public static Cpu of(String label) {
            return Stream.of(values())
                    .filter(cpu -> cpu.label.equals(label))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private FakeTalos() {}

    /** What the imager image has for a processor below {@code usr/install}, without the initramfs. */
    public static SequencedMap<String, byte[]> install(Cpu cpu) {
        String folder = "usr/install/" + cpu.label + "/";
        SequencedMap<String, byte[]> files = new TreeMap<>();
        files.put(folder + "vmlinuz", kernel(cpu));
        files.put(folder + "systemd-stub.efi", program(cpu));
        files.put(folder + "systemd-boot.efi", program(cpu));
        return files;
    }

    /** GRUB's files, which are this machine's: the imager image has them below {@code usr/lib/grub/i386-pc}. */
    public static SequencedMap<String, byte[]> grub() {
        RequiredTool.file(GRUB.resolve("cdboot.img"), "grub-pc-bin");
        SequencedMap<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> listed = Files.list(GRUB)) {
            for (Path file : listed.filter(Files::isRegularFile).toList()) {
                files.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    /** {@code manifest.yaml} of an extension that says nothing. */
    public static String manifest(String name) {
        return """
                version: v1alpha1
                metadata:
                  name: %s
                  version: v1
                  author: tests
                  description: says nothing
                  compatibility:
                    talos:
                      version: ">= v1.0.0"
                """.formatted(name);
    }

    /** An EFI program with the header and the sections of systemd's stub. */
    public static byte[] program(Cpu cpu) {
        ByteBuffer out = ByteBuffer.allocate(STUB_SIZE).order(ByteOrder.LITTLE_ENDIAN);
        out.put(0, (byte) 'M').put(1, (byte) 'Z').put(0x3c, (byte) PE_AT).position(PE_AT);
        out.put("PE\0\0".getBytes(US_ASCII));
        shorts(out, cpu.machine, SECTIONS.size());
        ints(out, 0, 0, 0);
        shorts(out, OPTIONAL_SIZE, 0x206);
        optionalHeader(out);
        for (Section section : SECTIONS) {
            out.put(section.name.getBytes(US_ASCII)).put(new byte[8 - section.name.length()]);
            ints(out, section.size, section.address, section.rawSize, section.rawOffset, 0, 0, 0);
            out.putInt(section.characteristics);
        }
        byte[] bytes = out.array();
        for (int i = FIRST_SECTION_AT; i < bytes.length; i++) {
            bytes[i] = (byte) ((i * 31) >>> 3);
        }
        return bytes;
    }

    /** PE32+: the optional header's fields in order, and no data directories. */
    private static void optionalHeader(ByteBuffer out) {
        int end = out.position() + OPTIONAL_SIZE;
        shorts(out, 0x20b);
        out.put((byte) 2).put((byte) 41);
        ints(out, 0x10400, 0x5a00, 0, 0x1000, 0x1000);
        out.putLong(0x140000000L);
        ints(out, 0x1000, 0x200);
        shorts(out, 0, 0, 257, 0, 1, 1);
        ints(out, 0, 0x1b000, 0x400, 12345);
        shorts(out, 10, 0x160);
        out.putLong(0x100000).putLong(0x1000).putLong(0x100000).putLong(0x1000);
        ints(out, 0, 16);
        out.position(end);
    }

    private static void shorts(ByteBuffer out, int... values) {
        for (int value : values) {
            out.putShort((short) value);
        }
    }

    private static void ints(ByteBuffer out, int... values) {
        for (int value : values) {
            out.putInt(value);
        }
    }

    /** Such a program with the fields of a bzImage's header that are looked at (Linux' boot protocol). */
    public static byte[] kernel(Cpu cpu) {
        ByteBuffer bytes = ByteBuffer.wrap(program(cpu)).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(0x1f1, (byte) 4); // setup_sects
        bytes.putInt(0x202, 0x53726448); // "HdrS"
        bytes.putShort(0x20e, (short) 0x200); // kernel_version, from 0x200 on
        bytes.put(0x400, (KERNEL_RELEASE + " #1\0").getBytes(US_ASCII));
        return bytes.array();
    }

    /** Bytes that do not compress. */
    public static byte[] noise(int size, long seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
