package dev.talosforge.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.talosforge.bytes.ByteSink;
import dev.talosforge.bytes.ByteSource;
import dev.talosforge.debian.DebPackages;
import dev.talosforge.debian.DebianRoot;
import dev.talosforge.format.compress.Zstd;
import dev.talosforge.format.cpio.CpioArchive;
import dev.talosforge.format.squashfs.SquashfsOptions;
import dev.talosforge.format.squashfs.SquashfsWriter;
import dev.talosforge.support.KeptPackages;
import dev.talosforge.tree.DiskTree;
import dev.talosforge.tree.FileTree;
import dev.talosforge.tree.TreeBuilder;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The stand-in base with extensions, put together by hand as kernel and initramfs: the quickest way to a machine. */
final class StandInMachine {
    /** Made once for all machines of a process, which only read it: kernel modules take a while to unpack and pack. */
    private static @Nullable FileTree base;

    private final Path folder;
    private final TreeBuilder segment = new TreeBuilder(StandIns.MODIFIED);
    private final StringBuilder list = new StringBuilder("layers:\n");
    private int layers;

    StandInMachine(Path folder) {
        this.folder = folder;
    }

    /**
     * Adds an extension.
     *
     * @param root what it puts into the machine's root
     */
    StandInMachine layer(String name, FileTree root) throws IOException {
        String image = layers++ + ".sqsh";
        Path file = folder.resolve(image);
        new SquashfsWriter(SquashfsOptions.zstd(Zstd.blocks(), Zstd.LEVEL, StandIns.MODIFIED), Runnable::run)
                .write(root, file);
        segment.file(image, 0644, ByteSource.of(file));
        list.append("    - image: ")
                .append(image)
                .append("\n      metadata:\n        name: ")
                .append(name);
        list.append("\n        version: \"1\"\n        description: |\n            name: not this\n");
        list.append("        compatibility:\n            talos:\n                version: '>= v1.0.0'\n");
        return this;
    }

    /** Microcode first, the base, and the extensions as a plain archive that begins at a multiple of four. */
    BootMedium.Kernel medium(DebPackages packages, @Nullable ByteSource microcode, String arguments)
            throws IOException {
        return medium(base(packages), microcode, arguments);
    }

    private static synchronized FileTree base(DebPackages packages) throws IOException {
        if (base == null) {
            Path made = Files.createTempDirectory("stand-in-base");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(made)));
            base = new StandIns(packages, made).bases("v1.11.5").getFirst().content();
        }
        return base;
    }

    private static void delete(Path folder) {
        try {
            DiskTree.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same of another base. */
    BootMedium.Kernel medium(FileTree imager, @Nullable ByteSource microcode, String arguments) throws IOException {
        if (layers > 0) {
            segment.file("extensions.yaml", 0644, list.toString());
        }
        Path kernel = folder.resolve("vmlinuz");
        Path initramfs = folder.resolve("initramfs");
        try (OutputStream out = Files.newOutputStream(kernel)) {
            ByteSink.over(out)
                    .copy(StandInBase.file(imager, "usr/install/amd64/vmlinuz"))
                    .flush();
        }
        try (OutputStream out = Files.newOutputStream(initramfs)) {
            ByteSink sink = ByteSink.over(out);
            if (microcode != null) {
                sink.copy(CpioArchive.source(new TreeBuilder(StandIns.MODIFIED)
                        .file("kernel/x86/microcode/GenuineIntel.bin", 0644, microcode)
                        .build()
                        .entries()));
            }
            sink.copy(StandInBase.file(imager, "usr/install/amd64/initramfs.xz"))
                    .alignTo(4);
            sink.copy(CpioArchive.source(segment.build().entries())).flush();
        }
        return new BootMedium.Kernel(kernel, initramfs, arguments);
    }

    /** The packages of the lab; kept between runs: sixty of them are not fetched for every test. */
    static DebPackages packages() throws IOException {
        return KeptPackages.fetch(StandIns.requests());
    }

    /** The static busybox that is all that most containers of tests need. */
    static ByteSource busybox(DebPackages packages, Path folder) throws IOException {
        return StandInBase.file(
                DebianRoot.unpacked(
                        List.of(ByteSource.of(packages.of("busybox").getFirst().file())),
                        Files.createDirectories(folder)),
                "usr/bin/busybox");
    }

    /** A drive with these files; null where there is none. */
    static Path drive(Path image, String hostname, @Nullable String userData, @Nullable String networkConfig)
            throws IOException {
        new CloudInitDrive(bytes("local-hostname: " + hostname + "\n"), maybe(userData), maybe(networkConfig))
                .write(image);
        return image;
    }

    private static @Nullable ByteSource maybe(@Nullable String text) {
        return text == null ? null : bytes(text);
    }

    private static ByteSource bytes(String text) {
        return ByteSource.of(text.getBytes(UTF_8));
    }
}
