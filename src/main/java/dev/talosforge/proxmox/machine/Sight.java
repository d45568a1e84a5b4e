package dev.talosforge.proxmox.machine;

import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.problem.Problem;
import dev.talosforge.proxmox.session.NodeCommands;
import dev.talosforge.proxmox.session.Privileges;
import dev.talosforge.proxmox.session.ProxmoxSession;
import dev.talosforge.proxmox.wire.ProxmoxLogin;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Whether the list of machines is all of them. Proxmox leaves out without a word what the credentials may not see: then
 * a machine that is not listed may have anything. That none is left out is known only where the access rights can be
 * read, as an entry for a single machine, or {@code NoAccess} for a pool, takes away what holds for all.
 */
final class Sight {
    private static final String MACHINES = "/vms";
    private static final String ACCESS = "/access";
    private static final String READ = "Sys.Audit";

    private final ProxmoxSession session;

    Sight(ProxmoxSession session) {
        this.session = session;
    }

    /** Why a machine may be hidden; null when none is. */
    @Nullable
    Problem obstacle() throws InterruptedException {
        Problem blind = blindness();
        if (blind != null) {
            return blind;
        }
        if (session.login() instanceof ProxmoxLogin.Password password
                && password.user().equals("root@pam")) {
            return null; // passes every check
        }
        Privileges access = session.privileges(ACCESS);
        return access.has(READ)
                ? hidden()
                : problem(
                        "%s lacks %s on %s, so that it cannot tell whether access rights hide a virtual machine from it"
                                .formatted(session.login().named(), READ, ACCESS),
                        NodeCommands.readAccess(access, session.login()));
    }

    /** Why not even those machines are seen that nobody hides; null when they are. */
    @Nullable
    Problem blindness() throws InterruptedException {
        String who = session.login().named();
        Privileges machines = session.privileges(MACHINES);
        if (!machines.has(Privileges.AUDIT_MACHINES)) {
            return problem(
                    "%s lacks %s on %s, so that it does not see all virtual machines"
                            .formatted(who, Privileges.AUDIT_MACHINES, MACHINES),
                    NodeCommands.seeMachines(machines, session.login()));
        }
        if (!machines.holdsBelow(Privileges.AUDIT_MACHINES)) {
            return problem(
                    "%s has %s on %s, but not below it (propagate is 0), so that it does not see all virtual machines"
                            .formatted(who, Privileges.AUDIT_MACHINES, MACHINES),
                    NodeCommands.seeMachines(machines, session.login()));
        }
        return null;
    }

    private @Nullable Problem hidden() throws InterruptedException {
        SortedSet<String> single = new TreeSet<>();
        for (JsonObject entry : session.rows(session.base(), "/access/acl", "read the access rights", null)) {
            String path = String.valueOf(entry.text("path"));
            if (path.startsWith(MACHINES + "/")) {
                single.add(path);
            }
            boolean none = "NoAccess".equals(entry.text("roleid"));
            boolean ofPools = path.equals("/") || path.equals("/pool") || path.startsWith("/pool/");
            String whose = String.valueOf(entry.text("ugid"));
            boolean group = "group".equals(entry.text("type"));
            if (none && ofPools && (group || session.login().isConcernedBy(whose))) {
                return problem(
                        "%s%s has the role NoAccess on %s, so that %s may not see all virtual machines"
                                .formatted(
                                        group ? "group " : "",
                                        whose,
                                        path,
                                        session.login().named()),
                        "pveum acl list");
            }
        }
        SortedMap<String, Privileges> all = single.isEmpty() ? new TreeMap<>() : session.privileges();
        for (String path : single) {
            Privileges there = all.get(path);
            if (there == null || !there.has(Privileges.AUDIT_MACHINES)) {
                return problem(
                        "%s lacks %s on %s, which has access rights of its own"
                                .formatted(session.login().named(), Privileges.AUDIT_MACHINES, path),
                        "pveum acl list");
            }
        }
        return null;
    }

    private static Problem problem(String why, String remedy) {
        return Problem.failed(Problem.Kind.REFUSED, "cannot see all virtual machines")
                .because(why)
                .trying(remedy);
    }
}
