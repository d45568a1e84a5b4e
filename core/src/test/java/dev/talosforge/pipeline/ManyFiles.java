package dev.talosforge.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.format.compress.Gzip;
import dev.talosforge.oci.Descriptor;
import dev.talosforge.oci.Image;
import dev.talosforge.oci.ImageConfig;
import dev.talosforge.oci.Manifest;
import dev.talosforge.oci.MediaType;
import dev.talosforge.oci.OciLayout;
import dev.talosforge.oci.Platform;
import dev.talosforge.pipeline.context.ContextSample;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.List;

/** A layout with one extension of many small files: few bytes, and much to keep in mind. Written without a tree. */
public final class ManyFiles {
    private static final int BLOCK = 512;
    private static final int PER_FOLDER = 500;

    private ManyFiles() {}

    /**
     * Makes the world of {@link DiskWorld} with such an extension, {@code oci:FOLDER/many}, and a unit that uses it.
     */
    public static Path unit(Path folder, int files) throws Exception {
        DiskWorld world = DiskWorld.in(folder);
        layout(world.folder().resolve("many"), files);
        Path unit = Files.createDirectories(world.folder().resolve("images"));
        Files.writeString(unit.resolve("terragrunt.hcl"), """
                terraform { source = "modules//talos_images" }
                inputs = {
                %s}
                """.formatted(DiskWorld.images("""
                installer_registry = "oci:out"
                custom_extensions  = ["oci:../many"]
                """)));
        return unit;
    }

    static void layout(Path folder, int files) throws Exception {
        OciLayout layout = OciLayout.create(folder);
        Path blob = folder.resolve("layer");
        MessageDigest digest = Sha256.begin();
        MessageDigest archive = Sha256.begin();
        try (OutputStream out = new DigestOutputStream(new BufferedOutputStream(Files.newOutputStream(blob)), digest);
                OutputStream compressed = Gzip.encode(out, 1)) {
            write(new DigestOutputStream(compressed, archive), files);
        }
        Sha256 diffId = Sha256.finish(archive);
        Descriptor layer = new Descriptor(MediaType.OCI_LAYER_GZIP, Sha256.finish(digest), Files.size(blob));
        layout.put(layer, ByteSource.of(blob));
        Files.delete(blob);
        ImageConfig config = ImageConfig.of(Platform.linux("amd64"), "2025-01-01T00:00:00Z", List.of(diffId));
        Descriptor described = layout.put(MediaType.OCI_CONFIG, config.toBytes());
        Image image = Image.of(Manifest.of(described, List.of(layer)), config);
        layout.put(MediaType.OCI_MANIFEST, image.manifest().toBytes());
        layout.add(image.descriptor().withPlatform(Platform.linux("amd64")));
    }

    private static void write(OutputStream tar, int files) throws IOException {
        member(tar, "manifest.yaml", '0', 0644, """
                version: v1alpha1
                metadata:
                  name: many
                  version: v1
                  author: tests
                  description: has many files
                  compatibility:
                    talos:
                      version: ">= v1.0.0"
                """.getBytes(UTF_8));
        for (String parent : List.of("rootfs", "rootfs/usr", "rootfs/usr/local", "rootfs/usr/local/share")) {
            member(tar, parent, '5', 0755, new byte[0]);
        }
        for (int i = 0; i < files; i++) {
            String parent = "rootfs/usr/local/share/folder%05d".formatted(i / PER_FOLDER);
            if (i % PER_FOLDER == 0) {
                member(tar, parent, '5', 0755, new byte[0]);
            }
            member(
                    tar,
                    "%s/file%06d.txt".formatted(parent, i),
                    '0',
                    0644,
                    "%07d".formatted(i).getBytes(UTF_8));
        }
        tar.write(new byte[2 * BLOCK]);
    }

    private static void member(OutputStream tar, String path, char type, int mode, byte[] content) throws IOException {
        byte[] header = new byte[BLOCK];
        put(header, 0, path);
        put(header, 100, "%07o".formatted(mode));
        put(header, 108, "0000000");
        put(header, 116, "0000000");
        put(header, 124, "%011o".formatted(content.length));
        put(header, 136, "%011o".formatted(ContextSample.TIME));
        put(header, 148, "        ");
        header[156] = (byte) type;
        put(header, 257, "ustar\00000");
        int sum = 0;
        for (byte b : header) {
            sum += Byte.toUnsignedInt(b);
        }
        put(header, 148, "%06o\0".formatted(sum));
        tar.write(header);
        tar.write(content);
        tar.write(new byte[Math.floorMod(-content.length, BLOCK)]);
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(UTF_8);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }
}
