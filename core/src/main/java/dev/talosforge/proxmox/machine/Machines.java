package dev.talosforge.proxmox.machine;

import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.NearestName;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Problem.Kind;
import dev.talosforge.proxmox.session.ProxmoxSession;
import dev.talosforge.proxmox.session.PvePath;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The virtual machines of the cluster that the credentials may see. */
public final class Machines {
    private static final String LIST = "list the virtual machines";

    /** This many of them are named in messages. */
    private static final int SHOWN = 10;

    private final ProxmoxSession session;

    public Machines(ProxmoxSession session) {
        this.session = session;
    }

    /** @param type {@code qemu} or {@code lxc} */
    private record Listed(int id, String type, String name, String node, String status) {
        String shown() {
            return name.isEmpty() ? Integer.toString(id) : "%d (%s)".formatted(id, name);
        }

        /** With its kind. */
        String called() {
            return (type.equals("lxc") ? "container " : "virtual machine ") + shown();
        }

        String path() {
            return "/nodes/%s/%s/%d".formatted(PvePath.encoded(node), type, id);
        }
    }

    private List<Listed> all() throws InterruptedException {
        List<Listed> machines = new ArrayList<>();
        for (JsonObject row : session.rows(session.base(), "/cluster/resources?type=vm", LIST, null)) {
            Long id = row.whole("vmid");
            String node = row.text("node");
            String type = row.text("type");
            if (id == null || node == null || type == null) {
                throw session.failure()
                        .problem(Kind.UNAVAILABLE, "cannot " + LIST, null, "a row lacks number, node or type", null);
            }
            String name = row.text("name");
            machines.add(new Listed(
                    id.intValue(), type, name == null ? "" : name, node, String.valueOf(row.text("status"))));
        }
        machines.sort(java.util.Comparator.comparingInt(Listed::id));
        return machines;
    }

    /** What is attached. A machine that cannot be checked may have anything. */
    public Attachments attachments() throws InterruptedException {
        SortedMap<String, List<String>> values = new TreeMap<>();
        Problem hidden = new Sight(session).obstacle();
        if (hidden != null) {
            return new Attachments(values, hidden);
        }
        for (Listed machine : all()) {
            try {
                values.put(machine.called(), values(machine));
            } catch (BuildException e) {
                return new Attachments(values, unseen(machine, e.problems().getFirst()));
            }
        }
        return new Attachments(values, null);
    }

    private static Problem unseen(Listed machine, Problem problem) {
        String why = "cannot check %s on node %s: %s".formatted(machine.called(), machine.node, problem.why());
        return Problem.failed(problem.kind(), "cannot see all virtual machines")
                .because(why)
                .at(problem.where())
                .trying(
                        problem.kind() == Kind.UNAVAILABLE
                                ? "run the command again when node %s answers".formatted(machine.node)
                                : null);
    }

    /** All texts of its configurations, whatever they mean. */
    private List<String> values(Listed machine) throws InterruptedException {
        String what = "read the configuration of a virtual machine";
        List<String> texts = new ArrayList<>();
        session.rows(session.base(), machine.path() + "/pending", what, null).forEach(entry -> collect(entry, texts));
        for (JsonObject snapshot : session.rows(session.base(), machine.path() + "/snapshot", what, null)) {
            String name = snapshot.text("name");
            if (name != null && !name.equals("current")) {
                String path = machine.path() + "/snapshot/" + PvePath.encoded(name) + "/config";
                collect(session.object(session.get(session.base(), path, what, null), path), texts);
            }
        }
        return texts;
    }

    private static void collect(Json value, List<String> texts) {
        switch (value) {
            case Json.JsonText(String text) -> texts.add(text);
            case Json.JsonArray(List<Json> items) -> items.forEach(item -> collect(item, texts));
            case JsonObject object -> object.members().values().forEach(member -> collect(member, texts));
            default -> {} // numbers and booleans name no file
        }
    }

    /** By number or name; fails if there is none, or several with that name. */
    public Machine find(String idOrName) throws InterruptedException {
        String what = "cannot check virtual machine " + idOrName;
        List<Listed> all =
                all().stream().filter(machine -> machine.type.equals("qemu")).toList();
        List<Listed> found = all.stream()
                .filter(machine -> Integer.toString(machine.id).equals(idOrName) || machine.name.equals(idOrName))
                .toList();
        if (found.isEmpty()) {
            throw new BuildException(none(what, idOrName, all), null);
        }
        if (found.size() > 1) {
            throw session.failure()
                    .problem(
                            Kind.INVALID_INPUT,
                            what,
                            null,
                            "%d virtual machines have that name: %s".formatted(found.size(), shown(found)),
                            "use its number");
        }
        Listed machine = found.getFirst();
        if (offline().contains(machine.node)) {
            throw session.failure()
                    .problem(
                            Kind.UNAVAILABLE,
                            what,
                            null,
                            "it is on node %s, which is offline; only that node has its configuration"
                                    .formatted(machine.node),
                            "run the command again when node %s is back; until then, on any node: cat /etc/pve/nodes/%s/qemu-server/%d.conf"
                                    .formatted(machine.node, machine.node, machine.id));
        }
        return read(what, machine);
    }

    private static String shown(List<Listed> machines) {
        String some = String.join(
                ", ", machines.stream().limit(SHOWN).map(Listed::shown).toList());
        return machines.size() <= SHOWN ? some : "%s and %d others".formatted(some, machines.size() - SHOWN);
    }

    private List<String> offline() throws InterruptedException {
        return session.nodes().stream()
                .filter(node -> "offline".equals(node.text("status")))
                .map(node -> String.valueOf(node.text("node")))
                .toList();
    }

    /** The cluster knows the number of a machine on an offline node, but not its name. */
    private Problem none(String what, String idOrName, List<Listed> all) throws InterruptedException {
        Problem hidden = new Sight(session).blindness();
        if (hidden != null) {
            return Problem.failed(hidden.kind(), what)
                    .because("none with that number or name is visible, and " + hidden.why())
                    .trying(hidden.remedy());
        }
        List<Listed> nameless =
                all.stream().filter(machine -> machine.name.isEmpty()).toList();
        if (!nameless.isEmpty() && !idOrName.matches("[0-9]+")) {
            List<String> nodes =
                    nameless.stream().map(machine -> machine.node).distinct().toList();
            return Problem.failed(Kind.UNAVAILABLE, what)
                    .because(
                            "no visible one has that name, and the names of %s are unknown: %s %s offline or not answering"
                                    .formatted(
                                            shown(nameless),
                                            String.join(", ", nodes),
                                            nodes.size() == 1 ? "is" : "are"))
                    .trying("run the command again when %s back, or use the machine's number"
                            .formatted(nodes.size() == 1 ? "it is" : "they are"));
        }
        List<String> names =
                all.stream().map(Listed::name).filter(name -> !name.isEmpty()).toList();
        String nearest = NearestName.suggestion(idOrName, names);
        return Problem.failed(Kind.INVALID_INPUT, what)
                .because(
                        all.isEmpty()
                                ? "there are no virtual machines"
                                : "none has that number or name; there are " + shown(all))
                .trying(nearest == null ? "on each node: qm list" : nearest);
    }

    private Machine read(String what, Listed machine) throws InterruptedException {
        SortedMap<String, String> config = new TreeMap<>();
        SortedMap<String, String> waiting = new TreeMap<>();
        List<JsonObject> rows;
        try {
            rows = session.rows(
                    session.base(), machine.path() + "/pending", "read the configuration of a virtual machine", null);
        } catch (BuildException e) {
            Problem problem = e.problems().getFirst();
            throw new BuildException(
                    Problem.failed(problem.kind(), what)
                            .because(problem.why())
                            .at(problem.where())
                            .trying(problem.remedy()),
                    e);
        }
        for (JsonObject entry : rows) {
            String key = entry.text("key");
            String value = text(entry, "value");
            String next = text(entry, "pending");
            if (key != null && value != null) {
                config.put(key, value);
            }
            if (key != null && (next != null || text(entry, "delete") != null)) {
                waiting.put(key, next == null ? "" : next);
            }
        }
        return new Machine(machine.id, machine.name, machine.node, machine.status, config, waiting);
    }

    private static @Nullable String text(JsonObject entry, String name) {
        Long number = entry.whole(name);
        return number == null ? entry.text(name) : number.toString();
    }
}
