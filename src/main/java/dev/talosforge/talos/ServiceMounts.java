package dev.talosforge.talos;

import dev.talosforge.problem.NearestName;
import dev.talosforge.talos.ServiceSpec.Dependency;
import dev.talosforge.talos.ServiceSpec.Mount;
import dev.talosforge.talos.ServiceSpec.Word;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The mounts of a service: what runc refuses, and what machined does before. It makes the folder of each {@code source}
 * that is missing, of whatever type the mount is, and gives the service up where it cannot.
 */
final class ServiceMounts {
    private static final List<String> PROPAGATIONS =
            List.of("private", "rprivate", "shared", "rshared", "slave", "rslave", "unbindable", "runbindable");
    private static final List<String> SWITCHES =
            List.of("atime", "dev", "diratime", "exec", "relatime", "strictatime", "suid");
    private static final List<String> KNOWN = known();
    private static final List<String> TMPFS = List.of(
            "size", "nr_blocks", "nr_inodes", "mode", "uid", "gid", "huge", "mpol", "noswap", "inode32", "inode64");

    /** What containerd gives to every container, before the mounts of the service. */
    private static final Map<String, String> STANDARD =
            Map.of("/dev", "tmpfs", "/dev/shm", "tmpfs", "/proc", "proc", "/run", "tmpfs", "/sys", "sysfs");

    private static final Set<String> BELOW_PROC = Set.of(
            "/proc/cpuinfo",
            "/proc/diskstats",
            "/proc/meminfo",
            "/proc/stat",
            "/proc/swaps",
            "/proc/uptime",
            "/proc/loadavg",
            "/proc/slabinfo",
            "/proc/sys/kernel/ns_last_pid",
            "/proc/sys/crypto/fips_enabled");

    private final ServiceSpec spec;
    private final LinkWalk extension;
    private final ServiceNotes notes;

    private ServiceMounts(ServiceSpec spec, LinkWalk extension, ServiceNotes notes) {
        this.spec = spec;
        this.extension = extension;
        this.notes = notes;
    }

    /**
     * Checks all mounts of a service.
     *
     * @param extension the files that the extension adds to the machine
     */
    static void check(ServiceSpec spec, LinkWalk extension, ServiceNotes notes) {
        ServiceMounts mounts = new ServiceMounts(spec, extension, notes);
        Set<String> destinations = new HashSet<>();
        for (Mount mount : spec.container().mounts()) {
            mounts.destination(mount, destinations);
            mounts.source(mount);
            mounts.type(mount);
        }
    }

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

    private void destination(Mount mount, Set<String> destinations) {
        Word word = mount.destination();
        if (word == null || word.text().isEmpty()) {
            notes.error(
                    mount.at(),
                    "the mount has no destination",
                    "say where in the container it goes: destination: /PATH");
            return;
        }
        String path = NodePaths.clean(word.text());
        if (!word.text().startsWith("/")) {
            notes.error(word.at(), "destination \"%s\" is not absolute".formatted(word.text()), "begin it with /");
        } else if (path.equals("/")) {
            notes.error(word.at(), "a mount cannot take the place of the container's root", null);
        } else if (!destinations.add(path)) {
            notes.warning(
                    word.at(),
                    "%s is mounted twice, and the later mount hides the earlier one".formatted(path),
                    "keep one of them");
        }
        standard(mount, word, path);
    }

    private void standard(Mount mount, Word word, String path) {
        String type = mount.type() == null ? "" : mount.type().text();
        String standard = STANDARD.get(path);
        boolean ofProc =
                mount.source() != null && NodePaths.clean(mount.source().text()).equals("/proc");
        boolean proc = mount.isBind() ? ofProc : type.equals("proc");
        if (NodePaths.isIn(path, "/proc") && !BELOW_PROC.contains(path) && !(path.equals("/proc") && proc)) {
            notes.error(
                    word.at(),
                    "%s cannot be mounted: the container's /proc is its own".formatted(path),
                    "leave this mount out");
        } else if (standard != null && !mount.isBind() && type.equals(standard)) {
            notes.warning(
                    word.at(),
                    "every container has a %s of its own at %s already".formatted(standard, path),
                    "leave this mount out");
        }
    }

    private void source(Mount mount) {
        Word word = mount.source();
        String like = mount.isBind()
                ? "name a place on the machine, such as /var/lib/NAME or /run/NAME"
                : "name a place that is there, such as /run: the file system does not use it";
        if (word == null || word.text().isEmpty()) {
            notes.error(mount.at(), "the mount has no source, and Talos makes the folder of every source", like);
            return;
        }
        String path = NodePaths.clean(word.text());
        if (!word.text().startsWith("/")) {
            notes.error(
                    word.at(),
                    ("source \"%s\" is not absolute: Talos makes a folder of that name in its root, which is read-only, and"
                                    + " the service does not start")
                            .formatted(word.text()),
                    like);
        } else if (NodePaths.isWritable(path)) {
            early(word, path);
        } else if (!NodePaths.isThere(path) && extension.at(path.substring(1)) == null && !isWaitedFor(path)) {
            notes.warning(
                    word.at(),
                    "source %s is neither in this extension nor in a place that can be written, and without it the service"
                                    .formatted(path)
                            + " does not start",
                    "name a place below /var or /run, or make sure that another extension brings it");
        }
    }

    private boolean isWaitedFor(String source) {
        return spec.depends().stream()
                .map(Dependency::path)
                .anyMatch(path -> path != null && NodePaths.isIn(NodePaths.clean(path.text()), source));
    }

    /** Until the partition is mounted there, a folder cannot be made below /var. */
    private void early(Word word, String path) {
        if (NodePaths.isIn(path, "/var")
                && !path.equals("/var")
                && spec.depends().stream().noneMatch(ServiceMounts::waitsForVar)) {
            notes.warning(
                    word.at(),
                    "source %s is on the EPHEMERAL partition, and nothing makes the service wait for it"
                            .formatted(path),
                    "add to depends: - service: cri");
        }
    }

    private static boolean waitsForVar(Dependency dependency) {
        Word service = dependency.service();
        Word path = dependency.path();
        boolean own = service != null
                && (service.text().equals("cri")
                        || service.text().equals("kubelet")
                        || service.text().equals("etcd")
                        || service.text().startsWith(ServiceRules.PREFIX));
        return own || (path != null && path.text().startsWith("/var/"));
    }

    private void type(Mount mount) {
        String type = mount.type() == null ? "" : mount.type().text();
        if (mount.isBind()) {
            options(mount, List.of());
        } else if (type.equals("bind") || type.equals("rbind")) {
            notes.error(
                    mount.type() == null ? mount.at() : mount.type().at(),
                    "the type is %s, but the options have neither bind nor rbind".formatted(type),
                    "add bind to the options");
        } else if (type.isEmpty() || type.equals("none")) {
            notes.error(
                    mount.at(),
                    "the mount has no type of file system, and is no bind mount",
                    "add bind to the options, or write type: tmpfs");
        } else if (type.equals("tmpfs")) {
            options(mount, TMPFS);
        }
    }

    private void options(Mount mount, List<String> ofFileSystem) {
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
