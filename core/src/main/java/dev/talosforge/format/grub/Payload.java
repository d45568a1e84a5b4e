package dev.talosforge.format.grub;

import dev.talosforge.bytes.FieldWriter;
import dev.talosforge.bytes.LimitException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The compressed part of the core image: GRUB's kernel, followed by the modules that it starts with.
 *
 * <pre>
 *   kernel.img as in memory, not rounded
 *   module info     12 bytes: "mimg", offset of the first object, size of all with this header
 *   object*         type, size with these 8 bytes; content, zeros up to a multiple of 4
 * </pre>
 *
 * <p>Specification: GRUB {@code include/grub/kernel.h}, {@code grub_module_info32} and {@code grub_module_header}.
 */
final class Payload {
    static final int INFO_SIZE = 12;
    static final int HEADER_SIZE = 8;
    static final int ELF = 0;
    static final int CONFIG = 2;
    static final int PREFIX = 3;

    /** "mimg" as a little-endian number. */
    private static final long MAGIC = 0x676d696dL;

    private static final int MAX_SIZE = 8 << 20;

    private Payload() {}

    static byte[] build(GrubDirectory directory, List<String> modules, String prefix, String config)
            throws IOException {
        ByteArrayOutputStream objects = new ByteArrayOutputStream();
        for (String module : ModuleOrder.parse(directory.text("moddep.lst")).closure(modules)) {
            object(objects, ELF, directory.file(module + ".mod"));
            if (objects.size() > MAX_SIZE) {
                throw new LimitException(
                        "GRUB core image", module, "modules of more than %d bytes".formatted(MAX_SIZE));
            }
        }
        if (!config.isEmpty()) {
            object(objects, CONFIG, withNul(config));
        }
        object(objects, PREFIX, withNul(prefix));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(KernelImage.load(directory.file("kernel.img")));
        out.writeBytes(info(objects.size()).toBytes());
        out.writeBytes(objects.toByteArray());
        return out.toByteArray();
    }

    static FieldWriter info(long objects) {
        return FieldWriter.littleEndian("GRUB module info", INFO_SIZE)
                .u32("magic", MAGIC)
                .u32("offset", INFO_SIZE)
                .u32("size", INFO_SIZE + objects);
    }

    static FieldWriter header(int type, long paddedSize) {
        return FieldWriter.littleEndian("GRUB module header", HEADER_SIZE)
                .u32("type", type)
                .u32("size", HEADER_SIZE + paddedSize);
    }

    private static void object(ByteArrayOutputStream out, int type, byte[] content) {
        byte[] padded = Arrays.copyOf(content, (content.length + 3) & ~3);
        out.writeBytes(header(type, padded.length).toBytes());
        out.writeBytes(padded);
    }

    private static byte[] withNul(String text) {
        return (text + "\0").getBytes(StandardCharsets.UTF_8);
    }
}
