package dev.talosforge.inspect;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.tree.FileTree;
import org.jspecify.annotations.Nullable;

/**
 * An inspected file or image, with the parts that its kind has. Contents are windows of the given or unpacked bytes.
 *
 * @param name as given by the user
 * @param file the bytes; null for an image
 * @param image null for a file
 * @param files of an image, as far as they were read, or of a squashfs; otherwise empty
 * @param uki the boot image that it contains or is
 * @param kernel also if it is a separate file beside an initramfs
 * @param bootLoader the program that UEFI starts before the boot image
 */
record Artifact(
        String name,
        Kind kind,
        @Nullable ByteSource file,
        @Nullable ImageSource image,
        FileTree files,
        @Nullable IsoContents iso,
        @Nullable Uki uki,
        @Nullable ByteSource kernel,
        @Nullable InitramfsImage initramfs,
        @Nullable ByteSource bootLoader) {

    static Artifact of(String name, Kind kind, ByteSource file) {
        return new Artifact(name, kind, file, null, FileTree.empty(), null, null, null, null, null);
    }

    static Artifact of(String name, Kind kind, ImageSource image, FileTree files) {
        return new Artifact(name, kind, null, image, files, null, null, null, null, null);
    }

    Artifact withFiles(FileTree tree) {
        return new Artifact(name, kind, file, image, tree, iso, uki, kernel, initramfs, bootLoader);
    }

    Artifact withIso(IsoContents contents) {
        return new Artifact(name, kind, file, image, files, contents, uki, kernel, initramfs, contents.bootLoader());
    }

    /** Adds a boot image; its kernel and initramfs become the artifact's. */
    Artifact withUki(Uki boot, Scratch scratch) throws java.io.IOException {
        ByteSource initrd = boot.content(".initrd");
        return new Artifact(
                name,
                kind,
                file,
                image,
                files,
                iso,
                boot,
                boot.content(".linux"),
                initrd == null ? null : InitramfsImage.read(initrd, scratch),
                bootLoader);
    }

    Artifact withKernel(@Nullable ByteSource linux) {
        return new Artifact(name, kind, file, image, files, iso, uki, linux, initramfs, bootLoader);
    }

    Artifact withInitramfs(@Nullable InitramfsImage found) {
        return new Artifact(name, kind, file, image, files, iso, uki, kernel, found, bootLoader);
    }

    Artifact withBootLoader(@Nullable ByteSource loader) {
        return new Artifact(name, kind, file, image, files, iso, uki, kernel, initramfs, loader);
    }
}
