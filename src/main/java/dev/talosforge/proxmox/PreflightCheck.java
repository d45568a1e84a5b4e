package dev.talosforge.proxmox;

import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Problem.Kind;
import dev.talosforge.problem.Where;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Asks for everything that an upload needs before a byte is sent, and reports all that is missing at once. */
final class PreflightCheck {
    /** What the credentials need on the storage. */
    static final List<String> PRIVILEGES = List.of("Datastore.AllocateTemplate", "Datastore.Audit");

    private static final List<String> PATH_BASED = List.of("dir", "nfs", "cifs", "cephfs", "btrfs", "glusterfs");

    private final ProxmoxSession session;
    private final Need need;
    private final String storage;
    private final String what;
    private final List<Problem> problems = new ArrayList<>();
    private @Nullable Boolean shared;

    /**
     * What has to be possible.
     *
     * @param size of the file to come, in bytes; {@link #NOTHING} when none is to come
     * @param fetches whether the nodes download it themselves
     */
    record Need(String storage, ContentType type, long size, boolean fetches) {
        static final long NOTHING = -1;
    }

    PreflightCheck(ProxmoxSession session, Need need) {
        this.session = session;
        this.need = need;
        this.storage = need.storage;
        this.what = "cannot upload to Proxmox storage " + storage;
    }

    /** @param wanted node names; empty for all nodes of the cluster */
    Readiness run(List<String> wanted) throws InterruptedException {
        List<String> missing = missingPrivileges();
        if (!missing.isEmpty()) {
            problems.add(new Problem(
                    Kind.REFUSED,
                    what,
                    null,
                    "%s lacks %s on /storage/%s"
                            .formatted(session.login().named(), String.join(", ", missing), storage),
                    Remedy.grantOnStorage(storage, PRIVILEGES, session.login())));
        }
        List<String> online = new ArrayList<>();
        List<String> offline = new ArrayList<>();
        sort(wanted, online, offline);
        if (!missing.contains("Datastore.Audit")) {
            for (String node : online) {
                node(node);
            }
        }
        boolean spoolSeen = false;
        if (need.fetches) {
            fetching(online);
        } else if (need.size != Need.NOTHING) {
            spoolSeen = new SpoolCheck(session, what, need.size).run(receivers(online), problems);
        }
        if (online.isEmpty() && problems.isEmpty()) {
            problems.add(new Problem(
                    Kind.UNAVAILABLE, what, null, "no node is online: " + String.join(", ", offline), null));
        }
        if (!problems.isEmpty()) {
            throw new BuildException(problems, null);
        }
        return new Readiness(session.version(), Boolean.TRUE.equals(shared), online, offline, spoolSeen);
    }

    /** Nodes that an upload is sent to: that of the endpoint, and those that have an endpoint of their own. */
    private Set<String> receivers(List<String> online) {
        Set<String> receivers = new LinkedHashSet<>();
        for (String node : online) {
            boolean own = !Boolean.TRUE.equals(shared) && session.endpointOf(node) != null;
            receivers.add(own ? node : "localhost");
        }
        return receivers;
    }

    private List<String> missingPrivileges() throws InterruptedException {
        SortedSet<String> granted = session.privileges("/storage/" + storage);
        return PRIVILEGES.stream()
                .filter(privilege -> !granted.contains(privilege))
                .toList();
    }

    private void fetching(List<String> online) throws InterruptedException {
        List<String> refusing = new ArrayList<>();
        for (String node : online) {
            if (!Fetch.may(session, node)) {
                refusing.add(node);
            }
        }
        if (!refusing.isEmpty()) {
            problems.add(new Problem(
                    Kind.REFUSED,
                    what,
                    null,
                    "%s lacks Sys.AccessNetwork on %s, which a node needs to download a file"
                            .formatted(
                                    session.login().named(),
                                    refusing.stream()
                                            .map(node -> "/nodes/" + node)
                                            .collect(Collectors.joining(", "))),
                    Remedy.grantFetching(session.login())));
        }
    }

    private void sort(List<String> wanted, List<String> online, List<String> offline) throws InterruptedException {
        SequencedMap<String, String> known = new TreeMap<>();
        for (JsonObject node : session.rows(session.base(), "/nodes", "list the nodes of Proxmox", null)) {
            if (node.text("node") != null) {
                known.put(String.valueOf(node.text("node")), String.valueOf(node.text("status")));
            }
        }
        for (String node : wanted.isEmpty() ? List.copyOf(known.keySet()) : wanted) {
            String status = known.get(node);
            if (status == null) {
                problems.add(new Problem(
                        Kind.INVALID_INPUT,
                        what,
                        null,
                        "there is no node %s, the cluster has %s".formatted(node, String.join(", ", known.keySet())),
                        null));
            } else if (status.equals("offline")) {
                offline.add(node);
            } else {
                online.add(node);
            }
        }
    }

    private void node(String node) throws InterruptedException {
        String path =
                "/nodes/%s/storage/%s/status".formatted(ProxmoxSession.encoded(node), ProxmoxSession.encoded(storage));
        JsonObject status;
        try {
            status = session.object(session.get(session.base(), path, "ask for the storage", storage), path);
        } catch (BuildException e) {
            for (Problem problem : e.problems()) {
                boolean unknown = problem.why().contains("No such storage");
                if (!unknown || problems.stream().noneMatch(said -> said.why().equals(problem.why()))) {
                    problems.add(new Problem(
                            problem.kind(),
                            what,
                            problem.where(),
                            problem.why(),
                            unknown ? "pvesm status" : problem.remedy()));
                }
            }
            return;
        }
        String type = String.valueOf(status.text("type"));
        String content = status.text("content") == null ? "" : String.valueOf(status.text("content"));
        shared = Long.valueOf(1).equals(status.whole("shared"));
        Where where = new Where.Remote("GET", session.uri(session.base(), path), 200);
        if (!PATH_BASED.contains(type)) {
            refuse(
                    where,
                    "storage type %s holds no files, ISOs need one of %s"
                            .formatted(type, String.join(", ", PATH_BASED)),
                    null);
            return;
        }
        if (!List.of(content.split(",", -1)).contains(need.type.word())) {
            refuse(
                    where,
                    "the storage's content types are \"%s\", without %s".formatted(content, need.type.word()),
                    Remedy.content(storage, content, need.type));
        }
        if (!Long.valueOf(1).equals(status.whole("enabled"))) {
            notEnabled(node, where);
        } else if (!Long.valueOf(1).equals(status.whole("active"))) {
            problems.add(new Problem(
                    Kind.UNAVAILABLE,
                    what,
                    where,
                    "the storage is not active on node " + node,
                    "pvesm status --storage " + storage));
        } else {
            space(node, where, status.whole("avail"));
        }
    }

    /** Either for all nodes or for this one: the configuration tells which. */
    private void notEnabled(String node, Where where) throws InterruptedException {
        for (JsonObject configured : session.rows(session.base(), "/storage", "read the storages", storage)) {
            String nodes = configured.text("nodes");
            boolean disabled = Long.valueOf(1).equals(configured.whole("disable"));
            if (storage.equals(configured.text("storage")) && !disabled && nodes != null) {
                refuse(
                        where,
                        "the storage is not for node " + node,
                        "pvesm set %s --nodes %s,%s".formatted(storage, nodes, node));
                return;
            }
        }
        refuse(where, "the storage is disabled", Remedy.enable(storage));
    }

    private void space(String node, Where where, @Nullable Long available) {
        if (available != null && available <= need.size) {
            refuse(
                    where,
                    "%s has %d bytes free%s, the file has %d"
                            .formatted(
                                    Boolean.TRUE.equals(shared) ? "the storage" : "node " + node,
                                    available,
                                    Boolean.TRUE.equals(shared) ? "" : " there",
                                    need.size),
                    "talos-forge prune, or pvesm list %s --content %s".formatted(storage, need.type.word()));
        }
    }

    /** The same on every node is said once. */
    private void refuse(Where where, String why, @Nullable String remedy) {
        if (problems.stream().noneMatch(problem -> problem.why().equals(why))) {
            problems.add(new Problem(Kind.REFUSED, what, where, why, remedy));
        }
    }
}
