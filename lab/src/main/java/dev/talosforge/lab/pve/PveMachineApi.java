package dev.talosforge.lab.pve;

import dev.talosforge.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Virtual machines as far as their configuration can be read: they never run. */
final class PveMachineApi {
    private static final String AUDIT = "VM.Audit";

    private final PveWorld world;
    private final List<PveWorld.Machine> machines;
    private final PveAccess access;

    PveMachineApi(PveCluster cluster) {
        this.world = cluster.world();
        this.machines = cluster.machines();
        this.access = cluster.access();
    }

    /** Rows of {@code /cluster/resources}: those that the caller may not see are left out silently. */
    List<Json> listed(PveAccess.Caller caller) {
        List<Json> rows = new ArrayList<>();
        for (PveWorld.Machine machine : machines) {
            if (access.any(caller, "/vms/" + machine.id(), AUDIT)) {
                PveWorld.Node node = world.node(machine.node());
                Json.Builder row = Json.object()
                        .put("id", machine.type() + "/" + machine.id())
                        .put("type", machine.type())
                        .put("vmid", machine.id())
                        .put("node", machine.node())
                        .put("template", 0);
                // pve-manager 9.2.11: for a machine on an offline node, only its node is known
                rows.add(
                        node != null && node.online()
                                ? PveShape.RESOURCE_MACHINE.of(
                                        row.put("name", machine.name()).put("status", "stopped"))
                                : PveShape.RESOURCE_MACHINE.of(row.put("status", "unknown")));
            }
        }
        return rows;
    }

    PveAnswer answer(
            PveRequest request,
            String node,
            List<String> path,
            SequencedMap<String, String> form,
            PveAccess.Caller caller) {
        if (path.size() < 2 || !request.method().equals("GET")) {
            return PveAnswer.of(PveMessage.METHOD_NOT_IMPLEMENTED, request.method());
        }
        String id = path.getFirst();
        if (!access.any(caller, "/vms/" + id, AUDIT)) {
            return PveAnswer.of(PveMessage.PERMISSION, "/vms/" + id, AUDIT);
        }
        PveWorld.Machine machine = machine(id, node);
        if (machine == null) {
            return PveAnswer.of(PveMessage.MACHINE_UNKNOWN, node, id);
        }
        return switch (String.join("/", path.subList(1, path.size())).replaceAll("snapshot/[^/]+", "snapshot/NAME")) {
            case "config" -> PveAnswer.data(Json.ofMap(machine.config()));
            case "pending" -> PveAnswer.data(pending(machine));
            case "snapshot" -> PveAnswer.data(snapshots(machine));
            case "snapshot/NAME/config" -> snapshot(machine, path.get(2));
            default -> PveAnswer.of(PveMessage.METHOD_NOT_IMPLEMENTED, "GET");
        };
    }

    private PveWorld.@Nullable Machine machine(String id, String node) {
        for (PveWorld.Machine machine : machines) {
            if (Integer.toString(machine.id()).equals(id) && machine.node().equals(node)) {
                return machine;
            }
        }
        return null;
    }

    private static Json pending(PveWorld.Machine machine) {
        TreeSet<String> keys = new TreeSet<>(machine.config().keySet());
        keys.addAll(machine.pending().keySet());
        return Json.array(List.copyOf(keys), key -> row(machine, key));
    }

    /** A change that removes the option has no value, but a number in {@code delete}. */
    private static Json row(PveWorld.Machine machine, String key) {
        String next = machine.pending().get(key);
        Json.Builder row = Json.object()
                .put("key", key)
                .putIfPresent("value", machine.config().get(key));
        return PveShape.PENDING.of("".equals(next) ? row.put("delete", 1) : row.putIfPresent("pending", next));
    }

    private static Json snapshots(PveWorld.Machine machine) {
        List<String> names = new ArrayList<>(machine.snapshots().keySet());
        names.add("current");
        return Json.array(names, name -> PveShape.SNAPSHOT.of(Json.object().put("name", name)));
    }

    private static PveAnswer snapshot(PveWorld.Machine machine, String name) {
        var config = machine.snapshots().get(name);
        return config == null ? PveAnswer.of(PveMessage.SNAPSHOT_UNKNOWN, name) : PveAnswer.data(Json.ofMap(config));
    }
}
