package dev.talosforge.talos.service;

import dev.talosforge.problem.NearestName;
import dev.talosforge.talos.service.ServiceSpec.Mount;
import dev.talosforge.talos.service.ServiceSpec.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Type and options of a mount, as runc and the kernel accept them. */
final class MountOptions {
    private static final List<String> PROPAGATIONS =
            List.of("private", "rprivate", "shared", "rshared", "slave", "rslave", "unbindable", "runbindable");
    private static final List<String> SWITCHES =
            List.of("atime", "dev", "diratime", "exec", "relatime", "strictatime", "suid");
    private static final List<String> KNOWN = known();
    private static final List<String> TMPFS = List.of(
            "size", "nr_blocks", "nr_inodes", "mode", "uid", "gid", "huge", "mpol", "noswap", "inode32", "inode64");

    /** What the kernel of Talos has built in. */
    private static final Set<String> FILE_SYSTEMS = Set.of(
            "9p",
            "autofs",
            "binfmt_misc",
            "bpf",
            "btrfs",
            "ceph",
            "cgroup",
            "cgroup2",
            "cifs",
            "configfs",
            "debugfs",
            "devpts",
            "devtmpfs",
            "efivarfs",
            "erofs",
            "exfat",
            "ext2",
            "ext3",
            "ext4",
            "fuse",
            "fuseblk",
            "fusectl",
            "hugetlbfs",
            "iso9660",
            "mqueue",
            "nfs",
            "nfs4",
            "nfsd",
            "overlay",
            "proc",
            "pstore",
            "ramfs",
            "resctrl",
            "rpc_pipefs",
            "securityfs",
            "selinuxfs",
            "squashfs",
            "sysfs",
            "tmpfs",
            "tracefs",
            "udf",
            "vfat",
            "virtiofs",
            "xfs");

    private MountOptions() {}

    private static List<String> known() {
        List<String> known = new ArrayList<>(List.of(
                "async",
                "bind",
                "dirsync",
                "iversion",
                "lazytime",
                "loud",
                "mand",
                "noiversion",
                "nolazytime",
                "nomand",
                "nosymfollow",
                "rbind",
                "remount",
                "ro",
                "rro",
                "rw",
                "rrw",
                "silent",
                "sync",
                "symfollow",
                "rnosymfollow",
                "rsymfollow",
                "tmpcopyup",
                "idmap",
                "ridmap"));
        for (String word : SWITCHES) {
            known.addAll(List.of(word, "no" + word, "r" + word, "rno" + word));
        }
        known.addAll(PROPAGATIONS);
        return List.copyOf(known);
    }

    static void check(Mount mount, ServiceNotes notes) {
        String type = mount.type() == null ? "" : mount.type().text();
        if (mount.isBind()) {
            options(mount, List.of(), notes);
        } else if (type.equals("bind") || type.equals("rbind")) {
            notes.error(
                    mount.type() == null ? mount.at() : mount.type().at(),
                    "the type is %s, but the options contain neither bind nor rbind".formatted(type),
                    "add bind to the options");
        } else if (type.isEmpty() || type.equals("none")) {
            notes.error(
                    mount.at(),
                    "the mount has no file system type and is not a bind mount",
                    "add bind to the options, or write type: tmpfs");
        } else {
            fileSystem(mount, type, notes);
        }
    }

    private static void fileSystem(Mount mount, String type, ServiceNotes notes) {
        if (type.equals("tmpfs")) {
            options(mount, TMPFS, notes);
        } else if (!FILE_SYSTEMS.contains(type)) {
            notes.warning(
                    mount.type() == null ? mount.at() : mount.type().at(),
                    ("Talos' kernel has no file system \"%s\" built in: unless an extension provides it, the service is started"
                                    + " again and again, and never runs")
                            .formatted(type),
                    NearestName.suggestion(type, FILE_SYSTEMS.stream().sorted().toList()));
        }
        for (Word option : mount.options()) {
            if (option.text().equals("idmap") || option.text().equals("ridmap")) {
                notes.error(
                        option.at(),
                        "a %s has no option \"%s\": only bind mounts can be id-mapped".formatted(type, option.text()),
                        "remove it");
            }
        }
    }

    private static void options(Mount mount, List<String> ofFileSystem, ServiceNotes notes) {
        for (Word option : mount.options()) {
            int equals = option.text().indexOf('=');
            String name = equals < 0 ? option.text() : option.text().substring(0, equals);
            if (!KNOWN.contains(option.text()) && !ofFileSystem.contains(name)) {
                List<String> words =
                        Stream.concat(KNOWN.stream(), ofFileSystem.stream()).toList();
                notes.error(
                        option.at(),
                        mount.isBind()
                                ? "a bind mount has no option \"%s\"".formatted(option.text())
                                : "a tmpfs has no option \"%s\"".formatted(option.text()),
                        NearestName.suggestion(name, words));
            }
        }
    }
}
