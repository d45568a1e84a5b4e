package dev.talosforge.proxmox;

import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Problem.Kind;
import dev.talosforge.problem.Where;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Asks for everything that an upload needs before a byte is sent, and reports all that is missing at once; but for room,
 * which depends on what will be sent.
 */
final class PreflightCheck {
    static final String AUDIT = "Datastore.Audit";
    /** What the credentials need on the storage for an upload. */
    static final List<String> PRIVILEGES = List.of("Datastore.AllocateTemplate", AUDIT);

    private static final List<String> PATH_BASED = List.of("dir", "nfs", "cifs", "cephfs", "btrfs", "glusterfs");

    private final ProxmoxSession session;
    private final Need need;
    private final String storage;
    private final String what;
    private final List<Problem> problems = new ArrayList<>();
    private @Nullable Boolean shared;

    /** What has to be possible. */
    enum Purpose {
        UPLOAD,
        /** An upload that the nodes download themselves. */
        FETCH,
        /** Listing, to clean up. */
        LIST
    }

    record Need(String storage, ContentType type, Purpose purpose) {}

    PreflightCheck(ProxmoxSession session, Need need) {
        this.session = session;
        this.need = need;
        this.storage = need.storage;
        this.what = cannot(need.purpose, storage);
    }

    static String cannot(Purpose purpose, String storage) {
        return (purpose == Purpose.LIST ? "cannot prune Proxmox storage " : "cannot upload to Proxmox storage ")
                + storage;
    }

    static String statusPath(String node, String storage) {
        return "/nodes/%s/storage/%s/status".formatted(ProxmoxSession.encoded(node), ProxmoxSession.encoded(storage));
    }

    /** @param wanted node names; empty for all nodes of the cluster */
    Readiness run(List<String> wanted) throws InterruptedException {
        Privileges held = session.privileges("/storage/" + storage);
        List<String> missing = held.missing(need.purpose == Purpose.LIST ? List.of(AUDIT) : PRIVILEGES);
        if (!missing.isEmpty()) {
            problems.add(new Problem(
                    Kind.REFUSED,
                    what,
                    null,
                    "%s lacks %s on /storage/%s"
                            .formatted(session.login().named(), String.join(", ", missing), storage),
                    need.purpose == Purpose.LIST
                            ? Remedy.grantListing(storage, held, session.login())
                            : Remedy.grantOnStorage(storage, held, session.login())));
        }
        List<String> online = new ArrayList<>();
        List<String> offline = new ArrayList<>();
        sort(wanted, online, offline);
        if (!missing.contains(AUDIT)) {
            for (String node : online) {
                node(node);
            }
        }
        if (need.purpose == Purpose.FETCH) {
            fetching(online);
        }
        if (online.isEmpty() && problems.isEmpty()) {
            problems.add(new Problem(
                    Kind.UNAVAILABLE, what, null, "no node is online: " + String.join(", ", offline), null));
        }
        if (!problems.isEmpty()) {
            throw new BuildException(problems, null);
        }
        return new Readiness(session.version(), Boolean.TRUE.equals(shared), online, offline);
    }

    /** One node that may is enough where all have the same storage. */
    private void fetching(List<String> online) throws InterruptedException {
        List<String> refusing = new ArrayList<>();
        for (String node : online) {
            if (!Fetch.may(session, node)) {
                refusing.add(node);
            } else if (Boolean.TRUE.equals(shared)) {
                return;
            }
        }
        for (String node : refusing) {
            String path = "/nodes/" + node;
            problems.add(new Problem(
                    Kind.REFUSED,
                    what,
                    null,
                    "%s lacks %s on %s, which a node needs to download a file"
                            .formatted(session.login().named(), Fetch.PRIVILEGE, path),
                    Remedy.grantFetching(session.privileges(path), session.login())));
            if (Boolean.TRUE.equals(shared)) {
                return;
            }
        }
    }

    private void sort(List<String> wanted, List<String> online, List<String> offline) throws InterruptedException {
        SequencedMap<String, String> known = new TreeMap<>();
        for (JsonObject node : session.nodes()) {
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
        String path = statusPath(node, storage);
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

    /** The same on every node is said once. */
    private void refuse(Where where, String why, @Nullable String remedy) {
        if (problems.stream().noneMatch(problem -> problem.why().equals(why))) {
            problems.add(new Problem(Kind.REFUSED, what, where, why, remedy));
        }
    }
}
