package dev.talosforge.proxmox.session;

import dev.talosforge.proxmox.api.ContentType;
import dev.talosforge.proxmox.wire.ProxmoxLogin;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Commands for a Proxmox node that grant what is missing. They can be run twice and take nothing away: an entry at a
 * path replaces what is inherited from above, so a role contains everything already held there.
 */
public final class NodeCommands {
    private static final String ROLE = "TalosForge";
    private static final Pattern ON_NODE = Pattern.compile("(?:on node '|target node: )([A-Za-z0-9.-]+)");

    private NodeCommands() {}

    /** What an upload needs; null for permissions whose present state is unknown. */
    public static String grantOnStorage(String storage, @Nullable Privileges held, ProxmoxLogin login) {
        return grant("/storage/" + storage, "", Privileges.STORE, held, login);
    }

    /** What checking a storage needs. */
    public static String grantListing(String storage, Privileges held, ProxmoxLogin login) {
        return grant("/storage/" + storage, "Read", List.of(Privileges.AUDIT_STORAGE), held, login);
    }

    public static String grantRemoval(String storage, Privileges held, ProxmoxLogin login) {
        return grant("/storage/" + storage, "Prune", List.of(Privileges.REMOVE), held, login);
    }

    /** For a node that fetches files itself. */
    public static String grantFetching(Privileges held, ProxmoxLogin login) {
        return grant(held.path(), "Fetch", List.of(Privileges.FETCH), held, login);
    }

    public static String seeMachines(Privileges held, ProxmoxLogin login) {
        return grant(held.path(), "Vms", List.of(Privileges.AUDIT_MACHINES), held, login);
    }

    public static String readAccess(Privileges held, ProxmoxLogin login) {
        return grant(held.path(), "Audit", List.of("Sys.Audit"), held, login);
    }

    public static String seeRoom(Privileges held, ProxmoxLogin login) {
        return grant(held.path(), "Audit", List.of("Sys.Audit"), held, login);
    }

    /**
     * Gives the privileges to the user, if it lacks them, and to the token, which has none of its own.
     *
     * @param purpose ends the role's name
     * @param held by the credentials; null if unknown
     */
    private static String grant(
            String path, String purpose, List<String> needed, @Nullable Privileges held, ProxmoxLogin login) {
        boolean passesAll = login.user().equals("root@pam");
        return switch (login) {
            case ProxmoxLogin.Password ignored -> known(path, purpose, needed, held, login.user(), null);
            case ProxmoxLogin.Token token when passesAll -> known(path, purpose, needed, held, token.user(), token);
            case ProxmoxLogin.Token token ->
                known(path, purpose, needed, null, token.user(), null)
                        + "; "
                        + known(path, purpose, needed, held, token.user(), token);
        };
    }

    private static String known(
            String path,
            String purpose,
            List<String> needed,
            @Nullable Privileges held,
            String user,
            ProxmoxLogin.@Nullable Token token) {
        String who = token == null ? "--users '%s'".formatted(user) : "--tokens '%s'".formatted(token.id());
        String own = "%s%s-%s-%s"
                .formatted(ROLE, purpose, path.substring(1).replace('/', '-'), token == null ? user : token.id())
                .replaceAll("[^A-Za-z0-9._-]", "_");
        if (held == null) {
            String ask = token == null
                    ? "user permissions '%s'".formatted(user)
                    : "user token permissions '%s' '%s'"
                            .formatted(user, token.id().substring(user.length() + 1));
            String has = needed.stream().map("*\" %s \""::formatted).reduce("", String::concat) + "*";
            String all = "$h " + String.join(" ", needed);
            return "h=$(%s); case \"$h\" in %s) ;; *) %s;; esac"
                    .formatted(held(ask, path), has, entry(path, own, all, who));
        }
        SortedSet<String> all = new TreeSet<>(needed);
        all.addAll(held.byName().keySet());
        String role = all.size() > needed.size() ? own : ROLE + purpose;
        return entry(path, role, String.join(" ", all), who);
    }

    /** Prints what somebody may do at a path, privilege by privilege, each with a blank before and after. */
    private static String held(String ask, String path) {
        return "pveum %s --path %s --output-format json | grep -oE '\"[A-Z][A-Za-z.]+\"' | sort | tr '\"\\n' '  '"
                .formatted(ask, path);
    }

    /** An existing role gets what it lacks. */
    private static String entry(String path, String role, String privileges, String who) {
        return "r=%s; p=\"%s\"; %s; pveum acl modify %s %s --roles $r"
                .formatted(
                        role,
                        privileges,
                        "pveum role add $r --privs \"$p\" 2>/dev/null || pveum role modify $r --append 1 --privs \"$p\"",
                        path,
                        who);
    }

    static String credentials(ProxmoxLogin login) {
        return switch (login) {
            case ProxmoxLogin.Password ignored ->
                "check user, realm and password: pveum user list (two-factor logins need an API token)";
            case ProxmoxLogin.Token token ->
                "check the secret, the expiry date, and that the user is enabled: pveum user token list '%s'"
                        .formatted(token.user());
        };
    }

    /** Whether one node could not reach another, as it must for storages of their own. */
    static boolean isOfSsh(String why) {
        return why.contains("exit code 255")
                || why.contains("Host key verification failed")
                || why.contains("lost connection")
                || why.contains("Permission denied (publickey");
    }

    /** @param why may name the other node */
    static String ssh(String why, String asked) {
        Matcher node = ON_NODE.matcher(why);
        String other = node.find() ? node.group(1) : "NODE";
        return "the node behind %1$s cannot reach %2$s by ssh; on it: pvecm updatecerts; ssh -o BatchMode=yes root@%2$s; or send to each node directly: proxmox_node_hostnames; the upload is still there: rm /var/tmp/pveupload-*"
                .formatted(asked, other);
    }

    public static String enable(String storage) {
        return "pvesm set %s --disable 0".formatted(storage);
    }

    public static String content(String storage, String present, ContentType type) {
        return "pvesm set %s --content %s"
                .formatted(storage, present.isEmpty() ? type.word() : present + "," + type.word());
    }
}
