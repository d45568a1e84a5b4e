package dev.talosforge.inspect;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.format.pe.PeImage;
import dev.talosforge.oci.Flattening;
import dev.talosforge.tree.FileTree;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Opens images and files and finds their parts.
 *
 * @param scratch for unpacked files
 * @param whole whether to read all files of an image, not only those that identify it
 */
record Opening(Scratch scratch, boolean whole) {
    private static final int HEADER = 0x210;

    Artifact image(ImageSource source) throws IOException {
        FileTree files = whole
                ? new Flattening(source.blobs(), LayerSearch.LIMITS).flatten(source.image(), scratch.folder())
                : LayerSearch.of(source, scratch);
        String folder = "usr/install/" + source.image().config().architecture() + "/";
        ByteSource boot = IsoContents.file(files, folder + "vmlinuz.efi");
        ByteSource kernel = IsoContents.file(files, folder + "vmlinuz");
        ByteSource initramfs = IsoContents.file(files, folder + "initramfs.xz");
        ByteSource loader = IsoContents.file(files, folder + "systemd-boot.efi");
        if (boot != null) {
            Artifact installer =
                    Artifact.of(source.name(), Kind.INSTALLER, source, files).withBootLoader(loader);
            return installer.withUki(uki(boot), scratch);
        }
        if (kernel != null && initramfs != null) {
            boolean imager = files.get(folder + "systemd-stub.efi") != null;
            return Artifact.of(source.name(), imager ? Kind.IMAGER : Kind.INSTALLER, source, files)
                    .withKernel(kernel)
                    .withInitramfs(InitramfsImage.read(initramfs, scratch))
                    .withBootLoader(loader);
        }
        boolean extension = IsoContents.file(files, "manifest.yaml") != null && files.get("rootfs") != null;
        return Artifact.of(source.name(), extension ? Kind.EXTENSION : Kind.IMAGE, source, files);
    }

    private static Uki uki(ByteSource file) throws IOException {
        PeImage image = PeImage.read(file);
        if (!Uki.is(image)) {
            throw new FormatException("vmlinuz.efi", 0, "not a unified kernel image: section .linux is missing");
        }
        return new Uki(image);
    }

    /** Opens a file that is not an image archive; null if its content is not of a known kind. */
    @Nullable
    Artifact file(String name, ByteSource file) throws IOException {
        return switch (Format.of(file)) {
            case ISO -> iso(name, file);
            case PE -> program(name, file);
            case SQUASHFS ->
                Artifact.of(name, Kind.SQUASHFS, file)
                        .withFiles(Squash.open(file).tree());
            case CPIO -> Artifact.of(name, Kind.INITRAMFS, file).withInitramfs(InitramfsImage.read(file, scratch));
            case TAR, UNKNOWN -> null;
        };
    }

    private Artifact iso(String name, ByteSource file) throws IOException {
        IsoContents contents = IsoContents.read(file);
        Artifact iso = Artifact.of(name, Kind.ISO, file).withIso(contents);
        Uki uki = contents.uki();
        if (uki != null) {
            return iso.withUki(uki, scratch);
        }
        ByteSource initramfs = IsoContents.file(contents.volume().tree(), IsoContents.INITRAMFS);
        return iso.withKernel(IsoContents.file(contents.volume().tree(), IsoContents.KERNEL))
                .withInitramfs(initramfs == null ? null : InitramfsImage.read(initramfs, scratch));
    }

    private Artifact program(String name, ByteSource file) throws IOException {
        if (isKernel(file)) {
            return Artifact.of(name, Kind.KERNEL, file).withKernel(file);
        }
        PeImage image = PeImage.read(file);
        return Uki.is(image)
                ? Artifact.of(name, Kind.UKI, file).withUki(new Uki(image), scratch)
                : new Artifact(
                        name, Kind.EFI_PROGRAM, file, null, FileTree.empty(), null, new Uki(image), null, null, null);
    }

    /** Checks for the magic numbers of a bzImage or an arm64 image. */
    static boolean isKernel(ByteSource file) throws IOException {
        if (file.size() < HEADER || !PeImage.isPe(file)) {
            return false;
        }
        byte[] head = file.read("Linux kernel", 0, HEADER);
        boolean x86 = head[0x202] == 'H' && head[0x203] == 'd' && head[0x204] == 'r' && head[0x205] == 'S';
        boolean arm = head[0x38] == 'A' && head[0x39] == 'R' && head[0x3a] == 'M' && head[0x3b] == 0x64;
        return x86 || arm;
    }
}
