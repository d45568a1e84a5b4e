package dev.talosforge.talos.service;

import dev.talosforge.talos.TalosVersion;
import dev.talosforge.talos.service.ServiceSpec.Dependency;
import dev.talosforge.talos.service.ServiceSpec.Mount;
import dev.talosforge.talos.service.ServiceSpec.Word;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The mounts of a service: what runc rejects, and what machined does before. machined creates the folder of each
 * missing {@code source}, whatever type the mount is, and gives the service up for good if it cannot. What runc rejects
 * is retried every few seconds, with the same result.
 */
final class ServiceMounts {
    /** What containerd gives every container, before the mounts of the service. */
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
    private final MountKinds kinds;
    private final TalosVersion version;
    private final ServiceNotes notes;

    private ServiceMounts(
            ServiceSpec spec, LinkWalk extension, @Nullable LinkWalk root, TalosVersion version, ServiceNotes notes) {
        this.spec = spec;
        this.extension = extension;
        this.kinds = new MountKinds(spec, extension, root, version, notes);
        this.version = version;
        this.notes = notes;
    }

    /**
     * Checks all mounts of a service.
     *
     * @param extension the files that the extension adds to the machine
     * @param root the container's; null if unknown
     */
    static void check(
            ServiceSpec spec, LinkWalk extension, @Nullable LinkWalk root, TalosVersion version, ServiceNotes notes) {
        ServiceMounts mounts = new ServiceMounts(spec, extension, root, version, notes);
        Set<String> destinations = new HashSet<>();
        for (Mount mount : spec.container().mounts()) {
            mounts.kinds.check(mount, destinations);
            mounts.destination(mount, destinations);
            mounts.source(mount);
            MountOptions.check(mount, notes);
        }
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
            notes.warning(
                    word.at(),
                    "destination \"%s\" is not absolute, and is taken as /%s".formatted(word.text(), path.substring(1)),
                    "start it with /");
        }
        if (path.equals("/")) {
            notes.error(word.at(), "a mount cannot take the place of the container's root", null);
        } else if (!destinations.add(path)) {
            notes.warning(
                    word.at(),
                    "%s is mounted twice; the later mount hides the earlier one".formatted(path),
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
                    "remove this mount");
        } else if (standard != null && !mount.isBind() && type.equals(standard)) {
            notes.warning(
                    word.at(),
                    "every container already has its own %s at %s".formatted(standard, path),
                    "remove this mount");
        }
    }

    private void source(Mount mount) {
        Word word = mount.source();
        String like = mount.isBind()
                ? "use a place on the machine, such as /var/lib/NAME or /run/NAME"
                : "use a place that exists, such as /run: the file system does not use it";
        if (word == null || word.text().isEmpty()) {
            notes.error(mount.at(), "the mount has no source, and Talos creates the folder of every source", like);
            return;
        }
        String path = NodePaths.clean(word.text());
        if (!word.text().startsWith("/")) {
            notes.error(
                    word.at(),
                    ("source \"%s\" is not absolute: Talos creates a folder of that name in its root, which is read-only, and"
                                    + " the service fails for good")
                            .formatted(word.text()),
                    like);
        } else if (NodePaths.isWritable(path, version)) {
            early(word, path);
        } else if (!NodePaths.isThere(path) && extension.at(path.substring(1)) == null && !spec.waitsForPath(path)) {
            notes.suspicion(
                    word.at(),
                    "source %s is neither in this extension nor in a writable place, and without it the service"
                                    .formatted(path)
                            + " fails for good: it is not retried, even if the place appears later",
                    "use a place below /var or /run, or make sure that another extension provides it");
        }
    }

    /** Until that partition is mounted, which is once a node is installed, no folder can be created below /var. */
    private void early(Word word, String path) {
        if (NodePaths.isOnDisk(path)
                && !path.equals("/var")
                && spec.depends().stream().noneMatch(ServiceMounts::waitsForVar)) {
            notes.warning(
                    word.at(),
                    ("source %s is on the EPHEMERAL partition, and nothing makes the service wait for it: started before it is"
                                    + " mounted, the service fails for good, and is not retried")
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
}
