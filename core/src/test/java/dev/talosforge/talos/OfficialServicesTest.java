package dev.talosforge.talos;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.support.SampleElf;
import dev.talosforge.talos.service.ExtensionServices;
import dev.talosforge.talos.service.NodePaths;
import dev.talosforge.talos.service.ServiceNotes;
import dev.talosforge.tree.TreeBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The services of Talos' own extensions (of August 2026) run on real machines, so none of them may be refused. Each row
 * has what our rules look at: name, entry point, what it waits for, mounts as {@code SOURCE>DESTINATION OPTIONS},
 * security.
 */
class OfficialServicesTest {
    private static final TalosVersion VERSION = Objects.requireNonNull(TalosVersion.parse("v1.13.0"));
    private static final String DEV = "/dev>/dev rshared,rbind,rw";
    private static final String CERTIFICATES = "/etc/ssl/certs>/etc/ssl/certs rbind,ro";
    private static final String TUN = "/dev/net/tun>/dev/net/tun bind,rw";
    private static final String SOCKET =
            "/system/run/machined/machine.sock>/system/run/machined/machine.sock rshared,rbind,ro";
    private static final String NET = "network addresses+connectivity+etcfiles";
    private static final String ALL = "network addresses+connectivity+etcfiles+hostname";
    private static final String ISCSI = "/lib>/lib bind,ro; /usr/lib>/usr/lib bind,ro; "
            + "/usr/local/lib>/usr/local/lib bind,ro; /usr/local/sbin>/usr/local/sbin bind,ro";
    private static final String NVIDIA = DEV + "; /lib64>/lib64 bind,ro; /lib>/lib bind,ro";

    private static final String TABLE = String.join(
            "\n",
            "soci-snapshotter | ./soci-snapshotter-grpc | service cri | /var>/var rshared,rbind,rw; /run>/run rshared,rbind,rw; "
                    + CERTIFICATES + "; " + DEV
                    + "; /lib>/lib bind,ro; /usr/lib>/usr/lib bind,ro; /usr/local/bin>/usr/local/bin bind,ro"
                    + " | rootfsPropagation shared",
            "stargz-snapshotter | ./containerd-stargz-grpc | service cri | /etc/ssl>/etc/ssl bind,ro; "
                    + "/var>/var rshared,rbind,rw; " + DEV + " | rootfsPropagation shared",
            "hello-world | ./hello-world | network addresses | |",
            "hyperv-kvp | ./hv_kvp_daemon | path /dev/vmbus/hv_kvp; network addresses | " + DEV
                    + "; /sys>/sys rbind,ro; /run/hyperv-kvp>/var/lib/hyperv rshared,rbind,rw | writeableRootfs false",
            "hyperv-vss | ./hv_vss_daemon | path /dev/vmbus/hv_vss | " + DEV
                    + "; /var>/var rshared,rbind,rw | rootfsPropagation shared",
            "metal-agent | ./talos-metal-agent | path /system/run/machined/machine.sock; path /etc/ssl/certs; "
                    + "network addresses | /system/run/machined/machine.sock>/system/run/machined/machine.sock rshared,rbind; "
                    + DEV + "; " + CERTIFICATES + " |",
            "qemu-guest-agent | ./qemu-ga | path /system/run/machined/machine.sock; "
                    + "path /dev/virtio-ports/org.qemu.guest_agent.0 | /run>/var/run rshared,rbind,rw; " + DEV + "; "
                    + SOCKET
                    + "; /sbin/init>/sbin/shutdown bind,ro |",
            "talos-vmtoolsd | ./talos-vmtoolsd | path /system/run/machined/machine.sock; network addresses | "
                    + "/system/run/machined/machine.sock>/system/run/machined/machine.sock rshared,rbind,rw |",
            "xen-guest-agent | ./xen-guest-agent | | /dev/xen>/dev/xen bind,rw | writeableRootfs false; writeableSysfs true",
            "bird2 | /usr/local/sbin/bird | configuration | /var/run/bird>/usr/local/var/run bind,rw | "
                    + "writeableRootfs false; writeableSysfs true",
            "cloudflared | /usr/local/bin/cloudflared | service cri; " + ALL + "; configuration | |",
            "lldpd | /usr/local/sbin/lldpd | service cri; " + NET
                    + "; configuration | /etc/os-release>/etc/os-release bind,ro; "
                    + "/var/run/lldpd>/var/run/lldpd bind,rw | writeableRootfs false; writeableSysfs true",
            "nebula | /usr/local/bin/nebula | service cri; " + NET + "; configuration | " + TUN
                    + " | writeableSysfs true",
            "netbird | /usr/local/bin/netbird | service cri; " + ALL + "; configuration | " + TUN
                    + "; /var/lib/netbird>/var/lib/netbird bind,rw; /var/log/netbird>/var/log/netbird bind,rw; "
                    + "/var/run/netbird>/var/run/netbird bind,rw; " + CERTIFICATES
                    + "; /etc/os-release>/etc/os-release bind,ro | writeableSysfs true",
            "newt | /usr/local/bin/newt | service cri; " + ALL + "; configuration | " + CERTIFICATES + " |",
            "tailscale | /usr/local/bin/containerboot | service cri; " + NET + "; configuration | " + TUN
                    + "; /var/run/tailscale>/var/run/tailscale bind,rw; /var/lib/tailscale>/var/lib/tailscale bind,rw; "
                    + CERTIFICATES + " | writeableSysfs true",
            "zerotier | /usr/local/bin/zerotier-wrapper | service cri; " + NET + "; configuration | " + TUN
                    + "; /var/lib/zerotier-one>/var/lib/zerotier-one bind,rw | writeableSysfs true",
            "nvidia-cdi-gen | /usr/local/bin/nvidia-ctk | service ext-nvidia-persistenced | "
                    + NVIDIA.replace("rw", "ro")
                    + "; /usr/local>/usr/local bind,ro; /usr/share>/usr/share bind,ro; /lib/firmware>/lib/firmware bind,ro; "
                    + "/etc>/etc bind,ro; /var/run/nvidia-persistenced>/var/run/nvidia-persistenced rshared,rbind,ro; "
                    + "/usr/local/bin>/usr/local/bin bind,ro; /run/cdi>/run/cdi bind,rw |",
            "nvidia-persistenced | /usr/local/bin/nvidia-persistenced-wrapper | service udevd; path /sys/bus/pci/drivers/nvidia | "
                    + NVIDIA + "; /usr/local/lib>/usr/local/lib bind,ro; /usr/local/lib>/usr/local/lib bind,ro; "
                    + "/run>/var/run rshared,rbind,rw; /usr/local/bin>/usr/local/bin bind,ro |",
            "nvidia-fabricmanager | /usr/bin/nvidia-fabricmanager-wrapper | service cri; service udevd; "
                    + "path /sys/bus/pci/drivers/nvidia | " + DEV
                    + "; /var/run/nvidia-fabricmanager>/var/run rshared,rbind,rw; "
                    + "/var/cache/nvidia-fabricmanager>/var/cache rshared,rbind,rw; "
                    + "/var/log/nvidia-fabricmanager>/var/log rshared,rbind,rw |",
            "nvidia-gdrdrv-device | /nvidia-gdrdrv-device | service cri | " + DEV + " | rootfsPropagation shared",
            "nut-client | /sbin/upsmon | service cri; " + NET
                    + "; path /system/run/machined/machine.sock; configuration | " + SOCKET
                    + "; /sbin/init>/sbin/poweroff bind,ro |",
            "cachefilesd | /usr/local/sbin/cachefilesd | path /dev/cachefiles; path /etc/cachefilesd.conf; "
                    + "path /var/mnt/fscache | /var/mnt/fscache>/var/mnt/fscache rshared,rbind,rw; "
                    + "/etc/cachefilesd.conf>/usr/local/etc/cachefilesd.conf rbind,ro; " + DEV + " |",
            "iscsid | /usr/local/sbin/iscsid | service cri; " + ALL + "; path /etc/iscsi/initiatorname.iscsi | " + ISCSI
                    + "; /etc/iscsi>/etc/iscsi rshared,rbind,ro; /var/lib/iscsi>/var/lib/iscsi rshared,rbind,rw; "
                    + "/run/lock/iscsi>/run/lock/iscsi rshared,rbind,rw"
                    + " | maskedPaths []; readonlyPaths []; writeableSysfs true",
            "multipathd | /usr/local/sbin/multipathd | " + ALL + "; service udevd; path /dev/mapper/control | "
                    + "/lib>/lib bind,ro; /usr/local/lib/>/usr/local/lib/ bind,ro; /usr/local/sbin>/usr/local/sbin bind,ro; "
                    + "/dev>/dev bind,rw; /sys>/sys bind,rw; /run/udev>/run/udev bind,ro"
                    + " | maskedPaths []; readonlyPaths []; writeableRootfs true",
            "rpc-statd | /sbin/rpc.statd | service cri; service ext-rpcbind; " + ALL
                    + " | /var/lib/nfs/statd>/var/lib/nfs/statd rshared,rbind,rw; /run/rpcbind>/run/rpcbind rshared,rbind,rw"
                    + " | maskedPaths []; readonlyPaths []",
            "rpcbind | /sbin/rpcbind | service cri; " + ALL + " | /dev/log>/dev/log bind,rw; "
                    + "/run/rpcbind>/run/rpcbind rshared,rbind,rw; /var/lib/rpcbind>/var/lib/rpcbind rshared,rbind,rw"
                    + " | maskedPaths []; readonlyPaths []",
            "zfs-service | /zfs-service | service udevd; service cri; path /dev/zfs | " + ISCSI + "; " + DEV
                    + "; /run>/run rshared,rbind,rw; /var>/var rshared,rbind,rw | rootfsPropagation shared");

    private static String yaml(List<String> row) {
        StringBuilder text = new StringBuilder("name: %s\nrestart: always\n".formatted(row.get(0)));
        text.append("depends:\n");
        for (String dependency : parts(row.get(2))) {
            List<String> words = List.of(dependency.split(" ", -1));
            text.append(
                    switch (words.getFirst()) {
                        case "network" ->
                            "  - network: [%s]\n".formatted(words.getLast().replace('+', ','));
                        case "configuration" -> "  - configuration: true\n";
                        default -> "  - %s: %s\n".formatted(words.getFirst(), words.getLast());
                    });
        }
        text.append("container:\n  entrypoint: ").append(row.get(1)).append("\n  mounts:\n");
        for (String mount : parts(row.get(3))) {
            List<String> words = List.of(mount.split("[> ]", -1));
            text.append("    - {source: %s, destination: %s, type: bind, options: [%s]}\n"
                    .formatted(words.get(0), words.get(1), words.get(2)));
        }
        text.append("  security:\n");
        parts(row.get(4))
                .forEach(word ->
                        text.append("    ").append(word.replace(" ", ": ")).append('\n'));
        return text.toString();
    }

    private static List<String> parts(String column) {
        return column.isBlank() ? List.of() : List.of(column.strip().split("; *", -1));
    }

    @Test
    void noneIsRefused() throws Exception {
        SequencedMap<String, List<String>> warnings = new TreeMap<>();
        int count = 0;
        for (String line : TABLE.split("\n", -1)) {
            List<String> row = java.util.Arrays.stream(line.split("\\|", -1))
                    .map(String::strip)
                    .toList();
            TreeBuilder rootfs = new TreeBuilder(0)
                    .directory("usr/local/lib/containers/" + row.get(0), 0755)
                    .file("usr/local/etc/containers/" + row.get(0) + ".yaml", 0644, yaml(row));
            for (String mount : parts(row.get(3))) {
                String source = mount.substring(0, mount.indexOf('>'));
                if (source.startsWith("/usr/local/")) {
                    rootfs.directory(NodePaths.clean(source).substring(1), 0755); // these extensions bring them
                }
            }
            boolean fromMachine = parts(row.get(3)).stream()
                    .map(mount -> mount.substring(mount.indexOf('>') + 1, mount.indexOf(' ')))
                    .anyMatch(destination -> row.get(1).startsWith(destination + "/"));
            String base = fromMachine ? "" : "usr/local/lib/containers/" + row.get(0) + "/";
            rootfs.file(
                    NodePaths.clean(base + row.get(1)).substring(1),
                    0755,
                    ByteSource.of(SampleElf.program(SampleElf.AMD64)));
            for (ServiceNotes.Note note : ExtensionServices.check(rootfs.build(), VERSION, Architecture.AMD64)) {
                assertEquals(false, note.fatal(), () -> row.get(0) + ": " + note.why());
                warnings.computeIfAbsent(row.get(0), _ -> new ArrayList<>()).add(note.why());
            }
            count++;
        }
        assertEquals(28, count);
        assertEquals(
                new TreeMap<>(java.util.Map.of(
                        "nvidia-persistenced",
                        List.of("/usr/local/lib is mounted twice; the later mount hides the earlier one"))),
                warnings);
    }
}
