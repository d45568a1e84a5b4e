package dev.talosforge.lab;

import dev.talosforge.bytes.ByteSink;
import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.LimitException;
import dev.talosforge.format.compress.Zstd;
import dev.talosforge.format.cpio.CpioArchive;
import dev.talosforge.format.squashfs.SquashfsOptions;
import dev.talosforge.format.squashfs.SquashfsWriter;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import dev.talosforge.tree.TreeBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for Talos' kernel and initramfs in the lab: a Debian kernel, and an initramfs of the same form as the real
 * one ({@code init} and {@code rootfs.sqsh} in a zstd-compressed cpio archive). Its programs are busybox, its init is a
 * script that assembles extensions as Talos does and reports on the serial console.
 *
 * @param version of the kernel, as in {@code /lib/modules}
 * @param initramfs a file in the folder that was given to {@link #make}
 */
record StandInBase(String version, ByteSource kernel, ByteSource initramfs) {
    private static final List<String> MODULES = List.of(
            "loop",
            "squashfs",
            "overlay",
            "virtio_pci",
            "virtio_console",
            "virtio_scsi",
            "sr_mod",
            "isofs",
            "virtio_net",
            "dummy",
            "vrf");
    static final List<String> SCRIPTS = List.of(
            "common.sh",
            "configuration.sh",
            "container.sh",
            "control.sh",
            "cri.sh",
            "dhcp.sh",
            "load.sh",
            "network.awk",
            "network.sh",
            "service.sh",
            "services.sh",
            "spec.awk",
            "yaml.awk");
    private static final List<String> ROOT_FOLDERS = List.of(
            "dev",
            "etc",
            "etc/cri/conf.d",
            "opt",
            "proc",
            "root",
            "run",
            "sys",
            "system",
            "tmp",
            "usr/bin",
            "usr/lib/firmware",
            "usr/local",
            "usr/sbin",
            "var");

    /**
     * Makes the base.
     *
     * @param talosVersion to stand in for: {@code v1.11.5}
     * @param debianKernel the unpacked package of a kernel
     * @param debianBusybox the unpacked package of a static busybox
     * @param confinement the unpacked packages of setpriv and its libraries; null for a machine that runs no
     *     services
     * @param modified of every file, in seconds since the epoch
     * @param fillerBytes of incompressible data, which Talos' own initramfs mostly consists of; 0 except for
     *     measurements
     */
    static StandInBase make(
            String talosVersion,
            FileTree debianKernel,
            FileTree debianBusybox,
            @Nullable FileTree confinement,
            Path folder,
            long modified,
            long fillerBytes)
            throws IOException {
        Files.createDirectories(folder);
        String version = version(debianKernel);
        ByteSource busybox = file(debianBusybox, "usr/bin/busybox");
        SequencedMap<String, ByteSource> modules = KernelModules.inLoadOrder(debianKernel, MODULES);

        TreeBuilder contents = root(talosVersion, busybox, modified);
        modules.forEach((name, module) ->
                contents.file("usr/lib/modules/" + version + "/kernel/" + name + ".ko", 0644, module));
        if (confinement != null) {
            confine(contents, confinement);
        }
        Path root = folder.resolve("rootfs.sqsh");
        new SquashfsWriter(SquashfsOptions.zstd(Zstd.blocks(), Zstd.LEVEL, modified), Runnable::run)
                .write(contents.build(), root);

        TreeBuilder base = new TreeBuilder(modified)
                .file("init", 0755, resource("init"))
                .file("bin/busybox", 0755, busybox)
                .file("rootfs.sqsh", 0644, ByteSource.of(root));
        StringBuilder list = new StringBuilder();
        modules.forEach((name, content) -> {
            base.file("modules/" + name + ".ko", 0644, content);
            list.append("modules/").append(name).append(".ko\n");
        });
        base.file("modules.list", 0644, list.toString());
        if (fillerBytes > 0) {
            base.file("filler", 0644, filler(folder.resolve("filler"), fillerBytes));
        }

        return new StandInBase(version, kernel(debianKernel), initramfs(base.build(), folder.resolve("initramfs.xz")));
    }

    /** The same bytes every time, and nothing that can be compressed. */
    private static ByteSource filler(Path file, long size) throws IOException {
        byte[] block = new byte[1 << 20];
        Random random = new Random(1);
        try (OutputStream out = Files.newOutputStream(file)) {
            for (long left = size; left > 0; left -= block.length) {
                random.nextBytes(block);
                out.write(block, 0, (int) Math.min(left, block.length));
            }
        }
        return ByteSource.of(file);
    }

    private static TreeBuilder root(String talosVersion, ByteSource busybox, long modified) throws IOException {
        TreeBuilder root = new TreeBuilder(modified);
        ROOT_FOLDERS.forEach(folder -> root.directory(folder, 0755));
        root.file("usr/bin/busybox", 0755, busybox)
                .symlink("usr/bin/sh", "busybox")
                .symlink("bin", "usr/bin")
                .symlink("sbin", "usr/sbin")
                .symlink("lib", "usr/lib")
                .file("etc/extensions.yaml", 0644, "")
                .file(
                        "etc/os-release",
                        0644,
                        "NAME=\"Talos Forge lab\"\nID=talos-forge-lab\nVERSION_ID=" + talosVersion + "\n")
                // Talos' own part says more. The other two get what the machine and its owner configure.
                .file("etc/cri/conf.d/00-base.part", 0644, "version = 3\n")
                .file("etc/cri/conf.d/01-registries.part", 0644, "")
                .file("etc/cri/conf.d/20-customization.part", 0644, "")
                .file("etc/cri/conf.d/cri.toml", 0644, "")
                .file("etc/hosts", 0644, "")
                .file("etc/resolv.conf", 0644, "")
                .file("usr/sbin/init", 0755, resource("machined"));
        for (String script : SCRIPTS) {
            root.file("usr/lib/talos-forge/" + script, 0755, resource(script));
        }
        return root;
    }

    /** The program that drops a service's privileges before it starts; its libraries are beside it. */
    private static void confine(TreeBuilder root, FileTree packages) throws IOException {
        String home = "usr/lib/talos-forge/confine/";
        String libraries = "usr/lib/x86_64-linux-gnu/";
        root.file(home + "setpriv", 0755, file(packages, "usr/bin/setpriv"))
                .file(home + "ld.so", 0755, file(packages, libraries + "ld-linux-x86-64.so.2"))
                .file(home + "libc.so.6", 0644, file(packages, libraries + "libc.so.6"))
                .file(home + "libcap-ng.so.0", 0644, library(packages, libraries, "libcap-ng.so.0"))
                .file(home + "seccomp.bpf", 0644, ByteSource.of(SeccompFilter.ofServices()));
    }

    /** A library whose usual name is a link to the file beside it. */
    private static ByteSource library(FileTree packages, String folder, String name) throws IOException {
        Entry entry = packages.get(folder + name);
        return file(packages, entry instanceof Entry.Symlink link ? folder + link.target() : folder + name);
    }

    /** Writes a tree in the form of Talos' initramfs: cpio, compressed by zstd. */
    static ByteSource initramfs(FileTree tree, Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file);
                OutputStream compressed = Zstd.encode(out)) {
            ByteSink.over(compressed).copy(CpioArchive.source(tree.entries())).flush();
        }
        return ByteSource.of(file);
    }

    /** The kernel of an unpacked package; since Debian 14 it is beside its modules. */
    static ByteSource kernel(FileTree debianKernel) throws IOException {
        String version = version(debianKernel);
        String besideModules = "usr/lib/modules/" + version + "/vmlinuz";
        return file(debianKernel, debianKernel.get(besideModules) == null ? "boot/vmlinuz-" + version : besideModules);
    }

    private static String version(FileTree kernel) throws IOException {
        List<Entry> versions = kernel.children("usr/lib/modules");
        if (versions.size() != 1) {
            throw new LimitException(
                    "Debian kernel", "usr/lib/modules", "%d kernel versions, not one".formatted(versions.size()));
        }
        return FileTree.nameOf(versions.getFirst().path());
    }

    static ByteSource file(FileTree tree, String path) throws IOException {
        if (tree.get(path) instanceof Entry.RegularFile file) {
            return file.content();
        }
        throw new LimitException("Debian package", path, "there is no such file");
    }

    /** A text of this package's resources. */
    static ByteSource resource(String name) throws IOException {
        try (InputStream in = StandInBase.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("not in the program: " + name);
            }
            return ByteSource.of(in.readAllBytes());
        }
    }
}
