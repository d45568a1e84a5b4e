package dev.talosforge.proxmox;

import dev.talosforge.json.Json;
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

/** Asks for everything that an upload needs before a byte is sent, and reports all that is missing at once. */
final class PreflightCheck {
    /** What the credentials need on the storage. */
    static final List<String> PRIVILEGES = List.of("Datastore.AllocateTemplate", "Datastore.Audit");

    private static final List<String> PATH_BASED = List.of("dir", "nfs", "cifs", "cephfs", "btrfs", "glusterfs");

    private final ProxmoxSession session;
    private final String storage;
    private final long size;
    private final String what;
    private final List<Problem> problems = new ArrayList<>();
    private @Nullable Boolean shared;

    /** @param size of the file to come, in bytes */
    PreflightCheck(ProxmoxSession session, String storage, long size) {
        this.session = session;
        this.storage = storage;
        this.size = size;
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
                    "%s lacks %s on /storage/%s".formatted(name(session.login()), String.join(", ", missing), storage),
                    Remedy.grant(storage, PRIVILEGES, session.login())));
        }
        List<String> online = new ArrayList<>();
        List<String> offline = new ArrayList<>();
        sort(wanted, online, offline);
        if (!missing.contains("Datastore.Audit")) {
            for (String node : online) {
                node(node);
            }
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

    private static String name(ProxmoxLogin login) {
        return switch (login) {
            case ProxmoxLogin.Token token -> "token " + token.id();
            case ProxmoxLogin.Password password -> "user " + password.user();
        };
    }

    private List<String> missingPrivileges() throws InterruptedException {
        String path = "/storage/" + storage;
        Json data = session.get(
                session.base(),
                "/access/permissions?path=" + ProxmoxSession.encoded(path),
                "ask Proxmox for permissions",
                storage);
        JsonObject granted = session.object(data, "/access/permissions").object(path);
        return PRIVILEGES.stream()
                .filter(privilege -> granted == null || granted.get(privilege) == null)
                .toList();
    }

    private void sort(List<String> wanted, List<String> online, List<String> offline) throws InterruptedException {
        SequencedMap<String, String> known = new TreeMap<>();
        if (session.get(session.base(), "/nodes", "list the nodes of Proxmox", null)
                instanceof Json.JsonArray(List<Json> rows)) {
            for (Json row : rows) {
                if (row instanceof JsonObject node && node.text("node") != null) {
                    known.put(String.valueOf(node.text("node")), String.valueOf(node.text("status")));
                }
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
        if (!List.of(content.split(",", -1)).contains("iso")) {
            refuse(
                    where,
                    "the storage's content types are \"%s\", without iso".formatted(content),
                    Remedy.content(storage, content));
        }
        if (!Long.valueOf(1).equals(status.whole("enabled"))) {
            refuse(
                    where,
                    "the storage is disabled or not for node " + node,
                    Remedy.enable(storage) + " (and: pvesm set " + storage + " --nodes …)");
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

    private void space(String node, Where where, @Nullable Long available) {
        if (available != null && available <= size) {
            refuse(
                    where,
                    "node %s has %d bytes free there, the file has %d".formatted(node, available, size),
                    "pvesm list %s --content iso".formatted(storage));
        }
    }

    /** The same on every node is said once. */
    private void refuse(Where where, String why, @Nullable String remedy) {
        if (problems.stream().noneMatch(problem -> problem.why().equals(why))) {
            problems.add(new Problem(Kind.REFUSED, what, where, why, remedy));
        }
    }
}
