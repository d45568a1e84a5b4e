package dev.talosforge.inspect;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.tree.FileTree;
import org.jspecify.annotations.Nullable;

/**
 * Something taken apart as far as its kind goes. Contents are windows of what was given, or of what was unpacked.
 *
 * @param name as it was asked for
 * @param file the bytes; null of an image
 * @param image null of a file
 * @param files of an image, as far as they were read, or of a squashfs; else empty
 * @param uki the boot image in it, or it itself
 * @param kernel also where it lies beside an initramfs
 * @param bootLoader what UEFI starts before the boot image
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

    /** With a boot image, whose kernel and initramfs are the artifact's. */
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
