package dev.talosforge.talos.service;

import dev.talosforge.talos.TalosVersion;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/** What is known of a running Talos' file system: its root and most places in it are read-only. */
public final class NodePaths {
    /** Memory, devices, the EPHEMERAL partition, and the overlays over it. */
    private static final List<String> WRITABLE =
            List.of("/dev", "/run", "/system", "/tmp", "/var", "/etc/cni", "/etc/kubernetes", "/opt");

    /** An overlay as well, until 1.13. */
    private static final String KUBERNETES_PROGRAMS = "/usr/libexec/kubernetes";

    /** Links to folders of {@code /run}. */
    private static final List<String> MEMORY_IN_VAR = List.of("/var/run", "/var/lock");

    /** Files on every machine, over which no folder can be mounted, and which cannot be mounted over one. */
    private static final Set<String> FILES = Set.of(
            "/dev/null",
            "/etc/extensions.yaml",
            "/etc/hosts",
            "/etc/localtime",
            "/etc/machine-id",
            "/etc/os-release",
            "/etc/resolv.conf",
            "/etc/ssl/certs/ca-certificates",
            "/etc/ssl/certs/ca-certificates.crt",
            "/sbin/init");

    /** Folders that exist and are writable. */
    private static final Set<String> FOLDERS = Set.of(
            "/dev", "/dev/shm", "/etc/cni", "/etc/kubernetes", "/opt", "/proc", "/run", "/sys", "/system", "/tmp");

    /** The kernel's: nothing can be added there. */
    private static final List<String> KERNEL = List.of("/proc", "/sys");

    private static final Set<String> THERE = Set.of(
            "/",
            "/bin",
            "/boot",
            "/etc",
            "/etc/ca-certificates",
            "/etc/cri",
            "/etc/cri/conf.d",
            "/etc/hosts",
            "/etc/iscsi",
            "/etc/localtime",
            "/etc/machine-id",
            "/etc/nvme",
            "/etc/os-release",
            "/etc/pki",
            "/etc/resolv.conf",
            "/etc/ssl",
            "/etc/ssl/certs",
            "/etc/ssl/certs/ca-certificates",
            "/etc/ssl/certs/ca-certificates.crt",
            "/lib",
            "/lib/firmware",
            "/lib/modules",
            "/lib64",
            "/mnt",
            "/root",
            "/sbin",
            "/sbin/init",
            "/usr",
            "/usr/bin",
            "/usr/etc",
            "/usr/lib",
            "/usr/lib/firmware",
            "/usr/lib/modules",
            "/usr/lib/udev",
            "/usr/lib/udev/rules.d",
            "/usr/libexec",
            "/usr/local",
            "/usr/local/lib",
            "/usr/local/share",
            "/usr/sbin",
            "/usr/share",
            "/usr/share/ca-certificates",
            "/usr/share/zoneinfo");

    private NodePaths() {}

    /** A path without {@code //}, {@code .} and {@code ..}, absolute, without a trailing slash. */
    public static String clean(String path) {
        Deque<String> names = new ArrayDeque<>();
        for (String name : path.split("/", -1)) {
            if (name.equals("..")) {
                names.pollLast();
            } else if (!name.isEmpty() && !name.equals(".")) {
                names.addLast(name);
            }
        }
        return "/" + String.join("/", names);
    }

    /** Whether a clean path is a folder or in it. */
    static boolean isIn(String path, String folder) {
        return path.equals(folder) || path.startsWith(folder.equals("/") ? "/" : folder + "/");
    }

    /** Whether a folder can be created at a clean path. */
    static boolean isWritable(String path, TalosVersion version) {
        return WRITABLE.stream().anyMatch(folder -> isIn(path, folder))
                || (isIn(path, KUBERNETES_PROGRAMS) && !version.atLeast(1, 14, 0));
    }

    /** Whether a clean path is on the EPHEMERAL partition, which a machine has once it is installed. */
    static boolean isOnDisk(String path) {
        return isIn(path, "/var") && MEMORY_IN_VAR.stream().noneMatch(folder -> isIn(path, folder));
    }

    /** Whether a file is known to be at a clean path on every machine. */
    static boolean isFile(String path) {
        return FILES.contains(path);
    }

    /** Whether a folder is known to be at a clean path on every machine. */
    static boolean isFolder(String path) {
        return FOLDERS.contains(path) || (THERE.contains(path) && !isFile(path));
    }

    /** Whether something is known to be at a clean path on every machine, or may come from the kernel. */
    static boolean isThere(String path) {
        return THERE.contains(path) || KERNEL.stream().anyMatch(folder -> isIn(path, folder));
    }
}
