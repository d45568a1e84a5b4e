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
 * Whether the list of machines is complete. Proxmox silently leaves out what the credentials may not see, and a machine
 * that is not listed may use anything. Completeness is known only if the permissions can be read, because an entry for
 * a single machine, or {@code NoAccess} for a pool, overrides what holds for all.
 */
final class Sight {
    private static final String MACHINES = "/vms";
    private static final String ACCESS = "/access";
    private static final String READ = "Sys.Audit";

    private final ProxmoxSession session;

    Sight(ProxmoxSession session) {
        this.session = session;
    }

    /** Why a machine may be hidden; null if none is. */
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
                        "%s lacks %s on %s, so it cannot tell whether permissions hide a virtual machine from it"
                                .formatted(session.login().named(), READ, ACCESS),
                        NodeCommands.readAccess(access, session.login()));
    }

    /** Why even the machines that nobody hides are not visible; null if they are. */
    @Nullable
    Problem blindness() throws InterruptedException {
        String who = session.login().named();
        Privileges machines = session.privileges(MACHINES);
        if (!machines.has(Privileges.AUDIT_MACHINES)) {
            return problem(
                    "%s lacks %s on %s, so it does not see all virtual machines"
                            .formatted(who, Privileges.AUDIT_MACHINES, MACHINES),
                    NodeCommands.seeMachines(machines, session.login()));
        }
        if (!machines.holdsBelow(Privileges.AUDIT_MACHINES)) {
            return problem(
                    "%s has %s on %s, but not below it (propagate is 0), so it does not see all virtual machines"
                            .formatted(who, Privileges.AUDIT_MACHINES, MACHINES),
                    NodeCommands.seeMachines(machines, session.login()));
        }
        return null;
    }

    private @Nullable Problem hidden() throws InterruptedException {
        SortedSet<String> single = new TreeSet<>();
        for (JsonObject entry : session.rows(session.base(), "/access/acl", "read the permissions", null)) {
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
                        "%s%s has the role NoAccess on %s, so %s may not see all virtual machines"
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
                        "%s lacks %s on %s, which has its own permissions"
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
