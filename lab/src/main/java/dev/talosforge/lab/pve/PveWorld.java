package dev.talosforge.lab.pve;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The cluster that a {@link PveEndpoint} imitates: who exists, and who may do what. */
public record PveWorld(
        List<Node> nodes,
        List<Storage> storages,
        List<User> users,
        List<Token> tokens,
        List<Acl> acls,
        List<Machine> machines) {
    /** The user that passes every check. */
    public static final String ROOT = "root@pam";

    public PveWorld {
        nodes = List.copyOf(nodes);
        storages = List.copyOf(storages);
        users = List.copyOf(users);
        tokens = List.copyOf(tokens);
        acls = List.copyOf(acls);
        machines = List.copyOf(machines);
        if (nodes.isEmpty()) {
            throw new IllegalArgumentException("a cluster has at least one node");
        }
    }

    /** Without virtual machines. */
    public PveWorld(List<Node> nodes, List<Storage> storages, List<User> users, List<Token> tokens, List<Acl> acls) {
        this(nodes, storages, users, tokens, acls, List.of());
    }

    /** The same cluster with these machines. */
    public PveWorld with(List<Machine> others) {
        return new PveWorld(nodes, storages, users, tokens, acls, others);
    }

    /**
     * A virtual machine or container, which never runs.
     *
     * @param type {@code qemu} or {@code lxc}
     * @param config as {@code qm config} shows it
     * @param pending changes that wait for a restart; an empty one removes the option
     * @param snapshots configurations by the snapshot's name
     */
    public record Machine(
            int id,
            String type,
            String name,
            String node,
            SortedMap<String, String> config,
            SortedMap<String, String> pending,
            SortedMap<String, SortedMap<String, String>> snapshots) {
        /** A virtual machine. */
        public Machine(
                int id,
                String name,
                String node,
                SortedMap<String, String> config,
                SortedMap<String, String> pending,
                SortedMap<String, SortedMap<String, String>> snapshots) {
            this(id, "qemu", name, node, config, pending, snapshots);
        }

        /** Without changes and snapshots. */
        public Machine(int id, String name, String node, Map<String, String> config) {
            this(id, name, node, new TreeMap<>(config), new TreeMap<>(), new TreeMap<>());
        }
    }

    /**
     * A cluster member.
     *
     * @param online an offline node has no listener, and requests to it through another node get 595
     * @param rootBytes free on the root file system, which holds {@code /var/tmp}
     * @param status as in {@code /nodes}: {@code unknown} is a member that answers but sends no figures
     */
    public record Node(String name, boolean online, long rootBytes, String status) {
        private static final long USUAL = 64L << 30;

        /** With space for every upload. */
        public Node(String name, boolean online) {
            this(name, online, USUAL);
        }

        /** Its status is that of the cluster's membership. */
        public Node(String name, boolean online, long rootBytes) {
            this(name, online, rootBytes, online ? "online" : "offline");
        }
    }

    /**
     * A storage definition.
     *
     * @param type as Proxmox names it: {@code dir}, {@code cephfs}, {@code lvm}, …
     * @param content enabled content types: {@code iso}, {@code vztmpl}, …
     * @param nodes where it may be used; empty for all
     * @param active false for a mount that is down
     * @param totalBytes capacity, shared by what is stored there
     */
    public record Storage(
            String id,
            String type,
            boolean shared,
            Set<String> content,
            List<String> nodes,
            boolean enabled,
            boolean active,
            long totalBytes) {
        public Storage {
            content = java.util.Collections.unmodifiableSet(new TreeSet<>(content));
            nodes = List.copyOf(nodes);
        }

        /** An enabled storage for ISOs on every node. */
        public static Storage forIsos(String id, String type, boolean shared, long totalBytes) {
            return new Storage(id, type, shared, Set.of("iso"), List.of(), true, true, totalBytes);
        }

        /** A copy with other content types. */
        public Storage withContent(Set<String> other) {
            return new Storage(id, type, shared, other, nodes, enabled, active, totalBytes);
        }

        /** A copy in another state. */
        public Storage with(boolean nowEnabled, boolean nowActive) {
            return new Storage(id, type, shared, content, nodes, nowEnabled, nowActive, totalBytes);
        }

        boolean usableOn(String node) {
            return enabled && (nodes.isEmpty() || nodes.contains(node));
        }

        boolean pathBased() {
            return switch (type) {
                case "dir", "nfs", "cifs", "cephfs", "btrfs", "glusterfs" -> true;
                default -> false;
            };
        }
    }

    /**
     * A user with realm.
     *
     * @param password null for one that cannot log in
     */
    public record User(String id, @Nullable String password, boolean enabled) {
        @Override
        public String toString() {
            return "User[" + id + "]";
        }
    }

    /**
     * An API token.
     *
     * @param name without the user: {@code ci}
     * @param privsep whether its own ACLs limit the user's
     */
    public record Token(String user, String name, String secret, boolean privsep, boolean expired) {
        /** As in ACLs and task ids: {@code iso@pve!ci}. */
        public String id() {
            return user + "!" + name;
        }

        @Override
        public String toString() {
            return "Token[" + id() + "]";
        }
    }

    /**
     * Privileges at a path. An entry replaces what its user or token inherits from above.
     *
     * @param who user or token id
     * @param privileges none at all is the role {@code NoAccess}
     * @param propagate whether they also hold below the path
     */
    public record Acl(String path, String who, Set<String> privileges, boolean propagate) {
        public Acl {
            privileges = java.util.Collections.unmodifiableSet(new TreeSet<>(privileges));
        }

        /** At the path and below. */
        public Acl(String path, String who, Set<String> privileges) {
            this(path, who, privileges, true);
        }
    }

    @Nullable
    Storage storage(String id) {
        return storages.stream().filter(s -> s.id().equals(id)).findFirst().orElse(null);
    }

    @Nullable
    Node node(String name) {
        return nodes.stream().filter(n -> n.name().equals(name)).findFirst().orElse(null);
    }
}
