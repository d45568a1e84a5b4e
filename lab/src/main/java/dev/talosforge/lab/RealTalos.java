package dev.talosforge.lab;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.format.compress.Zstd;
import dev.talosforge.format.squashfs.SquashfsOptions;
import dev.talosforge.format.squashfs.SquashfsWriter;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.talos.TalosVersion;
import dev.talosforge.tree.DiskTree;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import dev.talosforge.tree.TreeBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Talos itself for the lab: its init, machined and installer, built from source, instead of their stand-ins. Kernel and
 * userland are Debian's.
 *
 * @param programs a folder with {@code init}, {@code machined}, {@code installer}, and in {@code files} what Talos'
 *     build puts beside them
 * @param debian a folder with the unpacked packages of {@link RealRoot}
 * @param ownKernel whether the kernel is the one among these packages, not the lab's. Talos 1.14 assembles its
 *     {@code /etc} by file descriptors (fsconfig, {@code lowerdir+}), which overlayfs supports since Linux 6.13
 */
public record RealTalos(Path programs, Path debian, boolean ownKernel) {
    /** What Talos' own kernel has built in and Debian's has as modules. Init mounts before anything could load them. */
    private static final List<String> MODULES = List.of(
            "loop",
            "squashfs",
            "overlay",
            "configfs",
            "efivarfs",
            "nls_ascii",
            "nls_cp437",
            "nls_utf8",
            "vfat",
            "xfs",
            "ext4",
            "isofs",
            "sr_mod",
            "sd_mod",
            "ahci",
            "ata_piix",
            "virtio_pci",
            "virtio_blk",
            "virtio_scsi",
            "virtio_net",
            "virtio_console",
            "virtio_rng",
            "dm_mod",
            "br_netfilter",
            "nf_tables",
            "dummy");

    /**
     * What was built for a version.
     *
     * @param judges has a folder for each program and version
     * @param version such as {@code v1.11.5}
     */
    public static RealTalos in(Path judges, String version) {
        Path programs = judges.resolve("talos-" + (version.startsWith("v") ? version.substring(1) : version));
        Path debian = judges.resolve("talos-root-forky/root");
        for (Path needed : List.of(programs, debian)) {
            if (!Files.isDirectory(needed)) {
                throw new BuildException(Problem.failed(
                                Problem.Kind.ENVIRONMENT, "cannot put the real Talos " + version + " into the lab")
                        .because("there is no folder " + needed)
                        .trying("scripts/judges.sh talos talos-root"));
            }
        }
        TalosVersion parsed = TalosVersion.parse(version);
        return new RealTalos(programs, debian, parsed != null && parsed.atLeast(1, 14, 0));
    }

    /** Differs for other programs or packages. */
    String identity() throws IOException {
        StringBuilder text = new StringBuilder();
        for (Path file : List.of(
                programs.resolve("init"),
                programs.resolve("machined"),
                programs.resolve("installer"),
                debian.resolveSibling("brought"),
                debian.resolveSibling("recipe"))) {
            text.append(Sha256.of(ByteSource.of(file))).append('\n');
        }
        return text.append(Sha256.of(StandInBase.resource("load-modules"))).toString();
    }

    /**
     * The unpacked package of the kernel that it runs on.
     *
     * @param ofLab what stand-ins run on
     */
    FileTree kernel(FileTree ofLab) throws IOException {
        return ownKernel ? userland() : ofLab;
    }

    /**
     * The initramfs: Talos' init with its root file system, behind a script that loads the kernel's modules first.
     *
     * @param kernel the unpacked package of a Debian kernel
     * @param busybox a static one
     * @param folder gets the files, and must exist as long as the result is used
     */
    ByteSource initramfs(FileTree kernel, ByteSource busybox, Path folder) throws IOException {
        Files.createDirectories(folder);
        Path root = folder.resolve("rootfs.sqsh");
        new SquashfsWriter(SquashfsOptions.zstd(Zstd.blocks(), Zstd.LEVEL, StandInImage.MODIFIED), Runnable::run)
                .write(RealRoot.ofMachine(userland(), programs, kernel), root);
        TreeBuilder base = new TreeBuilder(StandInImage.MODIFIED)
                .file("init", 0755, StandInBase.resource("load-modules"))
                .file("init.talos", 0755, ByteSource.of(programs.resolve("init")))
                .file("bin/busybox", 0755, busybox)
                .file("rootfs.sqsh", 0644, ByteSource.of(root));
        StringBuilder list = new StringBuilder();
        KernelModules.inLoadOrder(kernel, MODULES).forEach((name, content) -> {
            base.file("modules/" + name + ".ko", 0644, content);
            list.append("/modules/").append(name).append(".ko\n");
        });
        base.file("modules.list", 0644, list.toString());
        return StandInBase.initramfs(base.build(), folder.resolve("initramfs.xz"));
    }

    /** The content of the image {@code installer-base}. */
    FileTree installer() throws IOException {
        return RealRoot.ofInstaller(userland(), programs);
    }

    private FileTree userland() throws IOException {
        return DiskTree.read(debian)
                .withAttributes(entry -> Entry.Attributes.root(
                        entry instanceof Entry.Symlink
                                ? 0777
                                : entry.attributes().permissions() & 0777,
                        StandInImage.MODIFIED));
    }
}
