package dev.talosforge.lab.pve;

import dev.talosforge.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** The routes besides upload. One instance per listening node. */
final class PveApi {
    private static final String AUDIT = "Datastore.Audit";
    private static final String SPACE = "Datastore.AllocateSpace";

    private final String self;
    private final PveWorld world;
    private final PveSettings settings;
    private final PveAccess access;
    private final PveFaults faults;
    private final PveStorageApi storages;
    private final PveTaskApi taskApi;
    private final PveMachineApi machines;
    private final PveControl control;
    private final String fingerprint;

    PveApi(String self, PveCluster cluster) {
        this.self = self;
        this.world = cluster.world();
        this.settings = cluster.settings();
        this.access = cluster.access();
        this.faults = cluster.faults();
        this.fingerprint = cluster.fingerprint();
        this.storages = new PveStorageApi(cluster);
        this.machines = new PveMachineApi(cluster);
        this.control = new PveControl(cluster.faults(), cluster.access());
        this.taskApi = new PveTaskApi(cluster.tasks());
    }

    /** @param form parameters of query and body; the query takes precedence */
    PveAnswer answer(PveRequest request, SequencedMap<String, String> form) throws IOException {
        if (faults.strikes(PveFault.PROXY_LOGIN)) {
            return PveAnswer.of(PveMessage.PROXY_LOGIN);
        }
        if (faults.strikes(PveFault.PROXY_ELSEWHERE)) {
            return PveAnswer.of(PveMessage.PROXY_ELSEWHERE);
        }
        List<String> path = request.segments();
        if (path == null && settings.controls() && request.path().equals(PveControl.PATH)) {
            return control.answer(request, form);
        }
        if (path == null) {
            return PveAnswer.ofAge(settings.messages(), PveMessage.NO_SUCH_FILE, request.path());
        }
        if (path.equals(List.of("access", "ticket")) && request.method().equals("POST")) {
            return request.headers().getOrDefault("authorization", "").startsWith("PVEAPIToken")
                    ? PveAnswer.of(PveMessage.TICKET_WITH_TOKEN)
                    : access.login(form);
        }
        PveAccess.Identity identity = access.identify(request, !request.method().equals("GET"));
        PveAccess.Caller caller = identity.caller();
        if (caller == null) {
            return PveAnswer.of(Objects.requireNonNull(identity.refusal())).afterDelay();
        }
        if (request.method().equals("GET") && faults.strikes(PveFault.READ_DROPPED)) {
            return PveAnswer.dropped();
        }
        return path.size() > 1 && path.getFirst().equals("nodes")
                ? onNode(request, path, form, caller)
                : onCluster(request, path, form, caller);
    }

    private PveAnswer onCluster(
            PveRequest request, List<String> path, SequencedMap<String, String> form, PveAccess.Caller caller) {
        return switch (request.method() + " /" + String.join("/", path)) {
            case "GET /version" ->
                PveAnswer.data(PveShape.VERSION.of(Json.object()
                        .put("version", settings.release().version)
                        .put("release", settings.release().release)
                        .put("repoid", "14a22df35955d97d")));
            case "GET /access/permissions" -> PveAnswer.data(permissions(form, caller));
            case "GET /access/acl" -> PveAnswer.data(acl(caller));
            case "GET /nodes" -> PveAnswer.data(Json.array(world.nodes(), node -> node(node, caller)));
            case "GET /cluster/resources" -> PveAnswer.data(resources(form.getOrDefault("type", ""), caller));
            case "GET /storage" -> PveAnswer.data(configuration(caller));
            default -> unknown(request);
        };
    }

    private PveAnswer unknown(PveRequest request) {
        String below = request.path().substring("/api2/json".length());
        return PveAnswer.of(PveMessage.METHOD_NOT_IMPLEMENTED, request.method() + " " + below);
    }

    private Json permissions(SequencedMap<String, String> form, PveAccess.Caller caller) {
        Set<String> paths = new java.util.TreeSet<>();
        String asked = form.get("path");
        if (asked != null) {
            paths.add(asked);
        } else {
            world.acls().forEach(acl -> paths.add(acl.path()));
        }
        Json.Builder all = Json.object();
        for (String path : paths) {
            SortedMap<String, Boolean> privileges = access.privileges(caller, path);
            if (!privileges.isEmpty() || asked != null) {
                Json.Builder one = Json.object();
                privileges.forEach((privilege, below) -> one.put(privilege, below ? 1 : 0));
                all.put(path, one.build());
            }
        }
        return all.build();
    }

    /** Callers who may not see the users get an empty list, not a refusal ({@code PVE::API2::ACL} of 9.1.1). */
    private Json acl(PveAccess.Caller caller) {
        List<PveWorld.Acl> shown = access.any(caller, "/access", "Sys.Audit") ? world.acls() : List.of();
        return Json.array(
                shown,
                entry -> PveShape.ACL.of(Json.object()
                        .put("path", entry.path())
                        .put("type", entry.who().contains("!") ? "token" : "user")
                        .put("ugid", entry.who())
                        .put("roleid", entry.privileges().isEmpty() ? "NoAccess" : "Custom")
                        .put("propagate", entry.propagate() ? 1 : 0)));
    }

    private Json node(PveWorld.Node node, PveAccess.Caller caller) {
        Json.Builder row = Json.object()
                .put("node", node.name())
                .put("id", "node/" + node.name())
                .put("type", "node")
                .put("status", node.status())
                .put("level", "")
                .put("ssl_fingerprint", fingerprint);
        return access.any(caller, "/nodes/" + node.name(), "Sys.Audit")
                ? PveShape.NODE.of(row.put("maxcpu", 4).put("uptime", 1000))
                : PveShape.NODE.of(row);
    }

    private Json resources(String type, PveAccess.Caller caller) {
        List<Json> rows = new ArrayList<>();
        if (type.isEmpty() || type.equals("node")) {
            world.nodes().forEach(node -> rows.add(node(node, caller)));
        }
        if (type.isEmpty() || type.equals("vm")) {
            rows.addAll(machines.listed(caller));
        }
        if (type.isEmpty() || type.equals("storage")) {
            for (PveWorld.Node node : world.nodes()) {
                for (PveWorld.Storage storage : world.storages()) {
                    if (storage.usableOn(node.name()) && access.any(caller, "/storage/" + storage.id(), AUDIT)) {
                        rows.add(PveShape.RESOURCE_STORAGE.of(Json.object()
                                .put("id", "storage/" + node.name() + "/" + storage.id())
                                .put("storage", storage.id())
                                .put("node", node.name())
                                .put("type", "storage")
                                .put("plugintype", storage.type())
                                .put("shared", storage.shared() ? 1 : 0)
                                .put("content", String.join(",", storage.content()))
                                .put("status", node.online() && storage.active() ? "available" : "unknown")));
                    }
                }
            }
        }
        return new Json.JsonArray(rows);
    }

    private Json configuration(PveAccess.Caller caller) {
        List<Json> rows = new ArrayList<>();
        for (PveWorld.Storage storage : world.storages()) {
            if (access.any(caller, "/storage/" + storage.id(), AUDIT, SPACE)) {
                Json.Builder row = Json.object()
                        .put("storage", storage.id())
                        .put("type", storage.type())
                        .put("content", String.join(",", storage.content()))
                        .put("path", "/mnt/pve/" + storage.id())
                        .put("digest", "0000000000000000000000000000000000000000");
                if (storage.shared()) {
                    row.put("shared", 1);
                }
                if (!storage.enabled()) {
                    row.put("disable", 1);
                }
                if (!storage.nodes().isEmpty()) {
                    row.put("nodes", String.join(",", storage.nodes()));
                }
                rows.add(PveShape.STORAGE.of(row));
            }
        }
        return new Json.JsonArray(rows);
    }

    private PveAnswer onNode(
            PveRequest request, List<String> path, SequencedMap<String, String> form, PveAccess.Caller caller)
            throws IOException {
        String name = path.get(1).equals("localhost") ? self : path.get(1);
        PveWorld.Node node = world.node(name);
        if (node == null) {
            return PveAnswer.of(PveMessage.NODE_UNKNOWN, name);
        }
        if (!node.online()) {
            return PveAnswer.of(PveMessage.NODE_UNREACHABLE);
        }
        PveAnswer failed = relay();
        if (failed != null) {
            return failed;
        }
        List<String> rest = path.subList(2, path.size());
        PveAnswer answer = switch (rest.isEmpty() ? "" : rest.getFirst()) {
            case "storage" ->
                storages.answer(request, new PveOnNode(name, path.get(1)), rest.subList(1, rest.size()), form, caller);
            case "qemu", "lxc" -> machines.answer(request, name, rest.subList(1, rest.size()), form, caller);
            case "tasks" -> taskApi.answer(request, name, rest.subList(1, rest.size()), form, caller);
            case "status" ->
                request.method().equals("GET") && rest.size() == 1
                        ? status(node, path.get(1), caller)
                        : unknown(request);
            default -> unknown(request);
        };
        return answer.throughRelay();
    }

    /** Permissions are looked up under the name in the address: {@code localhost} counts as a name of its own. */
    private PveAnswer status(PveWorld.Node node, String named, PveAccess.Caller caller) {
        if (!access.any(caller, "/nodes/" + named, "Sys.Audit")) {
            return PveAnswer.of(PveMessage.PERMISSION, "/nodes/" + named, "Sys.Audit");
        }
        long used = 8L << 30;
        return PveAnswer.data(PveShape.NODE_STATUS.of(Json.object()
                .put("pveversion", "pve-manager/%s/14a22df35955d97d".formatted(settings.release().version))
                .put("uptime", 1000)
                .put(
                        "rootfs",
                        Json.object()
                                .put("total", used + node.rootBytes())
                                .put("used", used)
                                .put("free", node.rootBytes())
                                .put("avail", node.rootBytes())
                                .build())));
    }

    /** How a request can get lost on its way to another node or daemon; null if it does not. */
    private @Nullable PveAnswer relay() {
        if (faults.strikes(PveFault.RELAY_TIMEOUT)) {
            return PveAnswer.of(PveMessage.RELAY_TIMED_OUT);
        }
        if (faults.strikes(PveFault.RELAY_REFUSED)) {
            return PveAnswer.of(PveMessage.NO_ROUTE);
        }
        if (faults.strikes(PveFault.RELAY_BROKEN)) {
            return PveAnswer.of(PveMessage.RELAY_BROKEN);
        }
        if (faults.strikes(PveFault.RELAY_LOST)) {
            return PveAnswer.of(PveMessage.RELAY_LOST);
        }
        return faults.strikes(PveFault.HANDLER_DIES) ? PveAnswer.of(PveMessage.HANDLER_DIED) : null;
    }
}
