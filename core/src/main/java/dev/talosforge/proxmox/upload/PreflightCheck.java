package dev.talosforge.proxmox.upload;

import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.NearestName;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Problem.Kind;
import dev.talosforge.problem.Where;
import dev.talosforge.proxmox.api.ContentType;
import dev.talosforge.proxmox.session.NodeCommands;
import dev.talosforge.proxmox.session.Privileges;
import dev.talosforge.proxmox.session.ProxmoxSession;
import dev.talosforge.proxmox.session.PvePath;
import dev.talosforge.proxmox.storage.SeenStorages;
import dev.talosforge.proxmox.wire.Reply;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Checks everything that an upload needs before a byte is sent, and reports all that is missing at once; except space,
 * which depends on what will be sent.
 */
public final class PreflightCheck {
    private static final List<String> PATH_BASED = List.of("dir", "nfs", "cifs", "cephfs", "btrfs", "glusterfs");

    private final ProxmoxSession session;
    private final Need need;
    private final String storage;
    private final String what;
    private final List<Problem> problems = new ArrayList<>();
    private @Nullable Boolean shared;

    /** What has to be possible. */
    public enum Purpose {
        UPLOAD,
        /** An upload that the nodes download themselves. */
        FETCH,
        /** Listing, to clean up. */
        CLEAN,
        /** Listing, to compare. */
        COMPARE;

        private boolean lists() {
            return this == CLEAN || this == COMPARE;
        }
    }

    public record Need(String storage, ContentType type, Purpose purpose) {}

    public PreflightCheck(ProxmoxSession session, Need need) {
        this.session = session;
        this.need = need;
        this.storage = need.storage;
        this.what = cannot(need.purpose, storage);
    }

    static String cannot(Purpose purpose, String storage) {
        return switch (purpose) {
                    case UPLOAD, FETCH -> "cannot upload to Proxmox storage ";
                    case CLEAN -> "cannot prune Proxmox storage ";
                    case COMPARE -> "cannot list Proxmox storage ";
                }
                + storage;
    }

    static String statusPath(String node, String storage) {
        return "/nodes/%s/storage/%s/status".formatted(PvePath.encoded(node), PvePath.encoded(storage));
    }

    /**
     * Checks the storage on nodes.
     *
     * @param wanted node names; empty for all nodes of the cluster
     */
    public PreflightResult run(List<String> wanted) throws InterruptedException {
        Privileges held = session.privileges("/storage/" + storage);
        List<String> missing =
                held.missing(need.purpose.lists() ? List.of(Privileges.AUDIT_STORAGE) : Privileges.STORE);
        if (!missing.isEmpty()) {
            problems.add(new SeenStorages(session, storage).lacking(what, missing, grant(held)));
        }
        List<String> online = new ArrayList<>();
        List<String> offline = new ArrayList<>();
        sort(wanted, online, offline);
        SequencedMap<String, BuildException> silent = new TreeMap<>();
        if (!missing.contains(Privileges.AUDIT_STORAGE)) {
            for (String node : online) {
                node(node, silent);
            }
            online.removeAll(silent.keySet());
        }
        boolean others = Boolean.TRUE.equals(shared) && !online.isEmpty();
        if (!others) { // for a shared storage, those that answer speak for all
            silent.values().forEach(failure -> failure.problems().forEach(this::asOfUpload));
        }
        if (need.purpose == Purpose.FETCH) {
            fetching(online);
        }
        if (online.isEmpty() && problems.isEmpty()) {
            problems.add(Problem.failed(Kind.UNAVAILABLE, what)
                    .because("no node is online: " + String.join(", ", offline))
                    .trying("start one of them, or set others in proxmox_node_names"));
        }
        if (!problems.isEmpty()) {
            throw new BuildException(problems, null);
        }
        SequencedMap<String, String> unasked = new TreeMap<>();
        offline.forEach(node -> unasked.put(node, "it is offline"));
        silent.forEach((node, failure) ->
                unasked.put(node, failure.problems().getFirst().why()));
        return new PreflightResult(session.version(), Boolean.TRUE.equals(shared), online, unasked);
    }

    private String grant(Privileges held) {
        return need.purpose.lists()
                ? NodeCommands.grantListing(storage, held, session.login())
                : NodeCommands.grantOnStorage(storage, held, session.login());
    }

    private void asOfUpload(Problem problem) {
        problems.add(Problem.failed(problem.kind(), what)
                .because(problem.why())
                .at(problem.where())
                .trying(problem.remedy()));
    }

    /** One node that may is enough if all have the same storage. */
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
            problems.add(Problem.failed(Kind.REFUSED, what)
                    .because("%s lacks %s on %s, which a node needs to download a file"
                            .formatted(session.login().named(), Privileges.FETCH, path))
                    .trying(NodeCommands.grantFetching(session.privileges(path), session.login())));
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
                problems.add(Problem.failed(Kind.INVALID_INPUT, what)
                        .because("there is no node %s; the cluster has %s"
                                .formatted(node, String.join(", ", known.keySet())))
                        .trying(NearestName.suggestion(node, known.keySet())));
            } else if (status.equals("offline")) {
                offline.add(node);
            } else {
                online.add(node);
            }
        }
    }

    /** @param silent receives the node if it is a member of the cluster that does not answer */
    private void node(String node, SequencedMap<String, BuildException> silent) throws InterruptedException {
        String path = statusPath(node, storage);
        URI uri = session.uri(session.base(), path);
        Reply reply = session.reply(session.base(), path, "ask node %s for the storage".formatted(node));
        if (!reply.ok()) {
            BuildException failure = session.failure().answer(what, "GET", uri, reply, storage);
            if (reply.isOfRelay()) {
                silent.put(node, failure);
            } else {
                for (Problem problem : failure.problems()) {
                    unanswered(problem);
                }
            }
            return;
        }
        JsonObject status = session.object(session.data(reply, what, "GET", uri), path);
        String type = String.valueOf(status.text("type"));
        String content = status.text("content") == null ? "" : String.valueOf(status.text("content"));
        shared = Long.valueOf(1).equals(status.whole("shared"));
        Where where = new Where.Remote("GET", uri, 200);
        if (!PATH_BASED.contains(type)) {
            refuse(
                    where,
                    "storage type %s cannot hold files; ISOs need one of %s"
                            .formatted(type, String.join(", ", PATH_BASED)),
                    "set another one in proxmox_datastore_id: pvesm status --content " + need.type.word());
            return;
        }
        if (!List.of(content.split(",", -1)).contains(need.type.word())) {
            refuse(
                    where,
                    "the storage's content types are \"%s\", without %s".formatted(content, need.type.word()),
                    NodeCommands.content(storage, content, need.type));
        }
        if (!Long.valueOf(1).equals(status.whole("enabled"))) {
            notEnabled(node, where);
        } else if (!Long.valueOf(1).equals(status.whole("active"))) {
            problems.add(Problem.failed(Kind.UNAVAILABLE, what)
                    .because("the storage is not active on node " + node)
                    .at(where)
                    .trying("pvesm status --storage " + storage));
        }
    }

    /** A missing storage is reported once for all nodes. */
    private void unanswered(Problem problem) throws InterruptedException {
        boolean unknown = problem.why().contains("No such storage");
        if (!unknown) {
            problems.add(problem);
        } else if (problems.stream().noneMatch(known -> known.kind() == Kind.INVALID_INPUT)) {
            problems.add(new SeenStorages(session, storage).unknown(what, problem));
        }
    }

    /** Either for all nodes or for this one: the configuration tells. */
    private void notEnabled(String node, Where where) throws InterruptedException {
        for (JsonObject configured : session.rows(session.base(), "/storage", "read the storages", storage)) {
            String nodes = configured.text("nodes");
            boolean disabled = Long.valueOf(1).equals(configured.whole("disable"));
            if (storage.equals(configured.text("storage")) && !disabled && nodes != null) {
                refuse(
                        where,
                        "the storage is not enabled for node " + node,
                        "pvesm set %s --nodes %s,%s".formatted(storage, nodes, node));
                return;
            }
        }
        refuse(where, "the storage is disabled", NodeCommands.enable(storage));
    }

    /** What is the same on every node is reported once. */
    private void refuse(Where where, String why, @Nullable String remedy) {
        if (problems.stream().noneMatch(problem -> problem.why().equals(why))) {
            problems.add(
                    Problem.failed(Kind.REFUSED, what).because(why).at(where).trying(remedy));
        }
    }
}
