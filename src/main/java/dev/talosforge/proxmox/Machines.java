package dev.talosforge.proxmox;

import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The virtual machines of the cluster, as far as the credentials may see them. */
final class Machines {
    private static final Pattern DRIVE = Pattern.compile("(?:ide|sata|scsi|virtio|unused)[0-9]{1,2}");
    private static final String AUDIT = "VM.Audit";

    private final ProxmoxSession session;

    Machines(ProxmoxSession session) {
        this.session = session;
    }

    private record Listed(int id, String name, String node, String status) {
        String shown() {
            return name.isEmpty() ? Integer.toString(id) : "%d (%s)".formatted(id, name);
        }

        String path() {
            return "/nodes/%s/qemu/%d".formatted(ProxmoxSession.encoded(node), id);
        }
    }

    private List<Listed> all() throws InterruptedException {
        List<Listed> machines = new ArrayList<>();
        for (JsonObject row :
                session.rows(session.base(), "/cluster/resources?type=vm", "list the virtual machines", null)) {
            Long id = row.whole("vmid");
            String node = row.text("node");
            if ("qemu".equals(row.text("type")) && id != null && node != null) {
                String name = row.text("name");
                machines.add(
                        new Listed(id.intValue(), name == null ? "" : name, node, String.valueOf(row.text("status"))));
            }
        }
        machines.sort(java.util.Comparator.comparingInt(Listed::id));
        return machines;
    }

    /** What is attached. A machine that cannot be looked at may have anything. */
    Attachments attachments() throws InterruptedException {
        SortedMap<String, List<String>> found = new TreeMap<>();
        if (!session.privileges("/vms").contains(AUDIT)) {
            return new Attachments(
                    found,
                    "%s lacks %s on /vms, so that it does not see all virtual machines"
                            .formatted(session.login().named(), AUDIT),
                    Remedy.grant("/vms", "PVEAuditor", session.login()));
        }
        for (Listed machine : all()) {
            try {
                collect(found, machine);
            } catch (BuildException e) {
                return new Attachments(
                        found,
                        "virtual machine %s on node %s cannot be looked at: %s"
                                .formatted(
                                        machine.shown(),
                                        machine.node,
                                        e.problems().getFirst().why()),
                        null);
            }
        }
        return new Attachments(found, null, null);
    }

    private void collect(SortedMap<String, List<String>> found, Listed machine) throws InterruptedException {
        String what = "read the configuration of a virtual machine";
        for (JsonObject entry : session.rows(session.base(), machine.path() + "/pending", what, null)) {
            String key = entry.text("key");
            add(found, machine, key, entry.text("value"));
            add(found, machine, key, entry.text("pending"));
        }
        for (JsonObject snapshot : session.rows(session.base(), machine.path() + "/snapshot", what, null)) {
            String name = snapshot.text("name");
            if (name != null && !name.equals("current")) {
                String path = machine.path() + "/snapshot/" + ProxmoxSession.encoded(name) + "/config";
                JsonObject config = session.object(session.get(session.base(), path, what, null), path);
                config.members().keySet().forEach(key -> add(found, machine, key, config.text(key)));
            }
        }
    }

    private static void add(
            SortedMap<String, List<String>> found, Listed machine, @Nullable String key, @Nullable String value) {
        String volume = key == null || value == null || !DRIVE.matcher(key).matches() ? null : Machine.volume(value);
        if (volume != null) {
            List<String> machines = found.computeIfAbsent(volume, v -> new ArrayList<>());
            if (!machines.contains(machine.shown())) {
                machines.add(machine.shown());
            }
        }
    }

    /** By number or name; fails when there is none, or several of that name. */
    Machine find(String idOrName) throws InterruptedException {
        String what = "cannot look at virtual machine " + idOrName;
        List<Listed> all = all();
        List<Listed> found = all.stream()
                .filter(machine -> Integer.toString(machine.id).equals(idOrName) || machine.name.equals(idOrName))
                .toList();
        if (found.isEmpty()) {
            boolean sees = session.privileges("/vms").contains(AUDIT);
            throw session.failure()
                    .problem(
                            sees ? Kind.INVALID_INPUT : Kind.REFUSED,
                            what,
                            null,
                            sees
                                    ? "there is none of that number or name"
                                    : "%s sees none of that number or name, and lacks %s on /vms"
                                            .formatted(session.login().named(), AUDIT),
                            sees ? "qm list" : Remedy.grant("/vms", "PVEAuditor", session.login()));
        }
        if (found.size() > 1) {
            throw session.failure()
                    .problem(
                            Kind.INVALID_INPUT,
                            what,
                            null,
                            "%d have that name: %s"
                                    .formatted(
                                            found.size(),
                                            String.join(
                                                    ", ",
                                                    found.stream()
                                                            .map(Listed::shown)
                                                            .toList())),
                            "name it by its number");
        }
        Listed machine = found.getFirst();
        SortedMap<String, String> config = new TreeMap<>();
        for (JsonObject entry : session.rows(
                session.base(), machine.path() + "/pending", "read the configuration of a virtual machine", null)) {
            String key = entry.text("key");
            String value = entry.text("value") == null ? number(entry) : entry.text("value");
            if (key != null && value != null) {
                config.put(key, value);
            }
        }
        return new Machine(machine.id, machine.name, machine.node, machine.status, config);
    }

    private static @Nullable String number(JsonObject entry) {
        Long value = entry.whole("value");
        return value == null ? null : value.toString();
    }
}
