package dev.talosforge.lab;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import dev.talosforge.tree.TreeBuilder;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;

/**
 * Root file systems with Talos' layout: Talos' own programs and files, and Debian's programs where Talos has its own
 * build of the same ones. Folders, links and empty files are those of the build of Talos 1.11 and 1.14 (its Dockerfile,
 * {@code rootfs-base}): what Talos writes at run time is bound over an empty file, because the root is read-only.
 */
final class RealRoot {
    private static final List<String> FOLDERS = List.of(
            ".extra",
            "boot/EFI",
            "dev",
            "etc/cni/net.d",
            "etc/kubernetes/manifests",
            "home",
            "mnt",
            "opt/containerd/bin",
            "opt/containerd/lib",
            "proc",
            "root",
            "run",
            "sys",
            "system",
            "tmp",
            "usr/etc",
            "usr/lib/firmware",
            "usr/lib/modules",
            "usr/libexec/kubernetes",
            "usr/share/spdx",
            "usr/local/etc/containers",
            "usr/local/lib/kubelet/credentialproviders",
            "usr/local/share",
            "var");

    private static final List<String> WRITTEN_LATER = List.of(
            "etc/cri/conf.d/01-registries.part",
            "etc/cri/conf.d/20-customization.part",
            "etc/cri/conf.d/base-spec.json",
            "etc/cri/conf.d/cri.toml",
            "etc/cri/conf.d/hosts/.keep",
            "etc/extensions.yaml",
            "etc/hosts",
            "etc/iscsi/initiatorname.iscsi",
            "etc/machine-id",
            "etc/nvme/hostid",
            "etc/nvme/hostnqn",
            "etc/resolv.conf",
            "etc/selinux/targeted/contexts/files/file_contexts",
            "etc/ssl/certs/ca-certificates.crt",
            // Udev's hardware index, which a Debian package makes when it is installed; Talos 1.14 writes there.
            "usr/lib/udev/hwdb.bin");

    /** From Debian's packages, as patterns of {@link java.nio.file.FileSystem#getPathMatcher} over a name. */
    private static final List<String> MACHINE_PROGRAMS = List.of(
            "containerd",
            "containerd-shim-runc-v2",
            "cryptsetup",
            "dmsetup",
            "fsck.*",
            "kmod",
            "lv*",
            "mkfs.*",
            "mke2fs",
            "pv*",
            "runc",
            "udevadm",
            "vg*",
            "xfs_*");

    private static final List<String> INSTALLER_PROGRAMS =
            List.of("fsck.*", "grub-*", "kmod", "mcopy", "mkfs.*", "mke2fs", "mtools", "xfs_*");

    /** Beside programs. */
    private static final List<String> MACHINE_FILES = List.of("usr/lib/udev", "usr/lib64", "usr/share/xfsprogs");

    private static final List<String> INSTALLER_FILES = List.of("usr/lib/grub", "usr/lib64", "usr/share/xfsprogs");

    private static final String LIBRARIES = "usr/lib/x86_64-linux-gnu";

    /** Large, and not needed by any of the programs above. */
    private static final List<String> LEFT_OUT = List.of(
            "usr/lib/udev/hwdb.d",
            LIBRARIES + "/audit",
            LIBRARIES + "/device-mapper",
            LIBRARIES + "/gconv",
            LIBRARIES + "/libdb-",
            LIBRARIES + "/libgio-",
            LIBRARIES + "/libglib-",
            LIBRARIES + "/libgobject-",
            LIBRARIES + "/libicu",
            LIBRARIES + "/libpython",
            LIBRARIES + "/libsqlite",
            LIBRARIES + "/perl");

    private RealRoot() {}

    /**
     * The root that Talos runs in.
     *
     * @param debian unpacked packages: containerd, runc, udev and what makes file systems
     * @param talos the folder of Talos' programs and files
     * @param kernel an unpacked package, whose list of built-in modules goes where Talos looks for it
     */
    static FileTree ofMachine(FileTree debian, Path talos, FileTree kernel) throws IOException {
        TreeBuilder root = userland(debian, MACHINE_PROGRAMS, MACHINE_FILES);
        FOLDERS.forEach(folder -> root.directory(folder, 0755));
        WRITTEN_LATER.forEach(file -> root.file(file, 0644, ""));
        for (Entry entry : kernel.below("usr/lib/modules")) {
            if (FileTree.nameOf(entry.path()).startsWith("modules.")) {
                root.add(entry);
            }
        }
        root.file("usr/bin/init", 0755, ByteSource.of(talos.resolve("machined")));
        for (String name : List.of("dashboard", "poweroff", "reboot", "sandboxd", "shutdown")) {
            root.symlink("usr/bin/" + name, "init");
        }
        root.symlink("usr/bin/modprobe", "kmod").symlink("usr/bin/systemd-udevd", "udevadm");
        own(root, talos, "containerd.toml", "etc/containerd/config.toml");
        own(root, talos, "cri-containerd.toml", "etc/cri/containerd.toml");
        own(root, talos, "cri-plugin.part", "etc/cri/conf.d/00-base.part");
        own(root, talos, "lvm.conf", "etc/lvm/lvm.conf");
        own(root, talos, "nfsmount.conf", "etc/nfsmount.conf");
        own(root, talos, "os-release", "etc/os-release");
        own(root, talos, "udevd/99-default.link", "usr/lib/systemd/network/99-default.link");
        own(root, talos, "zoneinfo/Etc/UTC", "usr/share/zoneinfo/Etc/UTC");
        // Debian's udev writes its index below /usr/etc, which is read-only.
        root.symlink("usr/etc/udev", "/run/udev-hwdb")
                .symlink("etc/localtime", "/usr/share/zoneinfo/Etc/UTC")
                .symlink("etc/ssl/certs/ca-certificates", "ca-certificates.crt")
                .symlink("etc/pki", "/etc/ssl")
                .symlink("etc/ca-certificates", "/etc/ssl");
        return root.build();
    }

    /** The root that the installer runs in, which partitions, makes file systems and installs GRUB. */
    static FileTree ofInstaller(FileTree debian, Path talos) throws IOException {
        TreeBuilder root = userland(debian, INSTALLER_PROGRAMS, INSTALLER_FILES);
        root.directory("tmp", 01777).file("usr/bin/installer", 0755, ByteSource.of(talos.resolve("installer")));
        return root.build();
    }

    /** Programs and libraries, all programs in one folder, as in Talos. */
    private static TreeBuilder userland(FileTree debian, List<String> programs, List<String> files) throws IOException {
        TreeBuilder root = new TreeBuilder(StandInImage.MODIFIED);
        PathMatcher wanted = FileSystems.getDefault().getPathMatcher("glob:{" + String.join(",", programs) + "}");
        for (String folder : List.of("usr/bin", "usr/sbin")) {
            for (Entry entry : debian.below(folder)) {
                String name = FileTree.nameOf(entry.path());
                // A link from one folder to the same name in the other would link to itself.
                if (wanted.matches(Path.of(name)) && !isLinkTo(entry, "../sbin/" + name)) {
                    root.add(entry.withPath("usr/bin/" + name));
                }
            }
        }
        List<String> folders = new ArrayList<>(files);
        folders.add(LIBRARIES);
        for (String folder : folders) {
            for (Entry entry : debian.below(folder)) {
                if (LEFT_OUT.stream().noneMatch(entry.path()::startsWith)) {
                    root.add(entry);
                }
            }
        }
        return root.symlink("bin", "usr/bin")
                .symlink("sbin", "usr/bin")
                .symlink("lib", "usr/lib")
                .symlink("lib64", "usr/lib64")
                .symlink("usr/sbin", "bin");
    }

    private static boolean isLinkTo(Entry entry, String target) {
        return entry instanceof Entry.Symlink link && link.target().equals(target);
    }

    private static void own(TreeBuilder root, Path talos, String file, String path) throws IOException {
        root.file(path, 0644, ByteSource.of(talos.resolve("files").resolve(file)));
    }
}
