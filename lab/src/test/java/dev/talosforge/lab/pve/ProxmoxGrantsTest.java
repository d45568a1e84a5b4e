package dev.talosforge.lab.pve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.problem.BuildException;
import dev.talosforge.proxmox.ProxmoxClient;
import dev.talosforge.proxmox.wire.ProxmoxLogin;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The lines that errors print are run by a shell, with a {@code pveum} that notes what it is told, as the real one of
 * pve-access-control 9.1.1 would take it: a role that is there is not added again, and an entry at a path takes the
 * place of what its user or token inherits.
 */
@Tag("registry")
class ProxmoxGrantsTest {
    private static final String PATH = "/storage/resources";

    @TempDir
    Path directory;

    /** Prints the privileges of users from files, keeps roles in files, and writes entries down. */
    private static final String PVEUM = """
            #!/bin/sh
            cd "$(dirname "$0")" || exit 9
            case "$1 $2" in
            'user permissions') cat "held-$3" ;;
            'user token') cat "held-$4!$5" ;;
            'role add')
                [ -e "role-$3" ] && { echo "create role failed: role '$3' already exists" >&2; exit 255; }
                echo "$5" > "role-$3" ;;
            'role modify')
                [ "$4 $5" = '--append 1' ] || exit 8
                echo "$(cat "role-$3") $7" > "role-$3" ;;
            'acl modify') echo "$3 $5 $7" >> acls ;;
            *) exit 7 ;;
            esac
            """;

    private static PveWorld world(List<PveWorld.Acl> acls) {
        PveWorld world = PveBench.world(PveBench.nodes(true), PveBench.resources());
        return new PveWorld(world.nodes(), world.storages(), world.users(), world.tokens(), acls);
    }

    private static PveAccess.Caller caller(PveWorld world, ProxmoxLogin login) {
        PveWorld.Token token = world.tokens().stream()
                .filter(one -> login.named().endsWith(one.id()))
                .findFirst()
                .orElse(null);
        return new PveAccess.Caller(login.user(), token);
    }

    private static Set<String> held(PveWorld world, PveAccess.Caller caller, String path) {
        PveFaults faults = new PveFaults();
        return new PveAccess(world, java.time.InstantSource.system(), new java.util.Random(1), faults)
                .privileges(caller, path)
                .keySet();
    }

    /** The world after the line was typed, as often as given. */
    private PveWorld typed(PveWorld world, String line, String path, int times) throws Exception {
        Path bin = Files.createTempDirectory(directory, "bin");
        Files.writeString(bin.resolve("pveum"), PVEUM);
        assertTrue(bin.resolve("pveum").toFile().setExecutable(true));
        String user = "{\"%s\":{%s}}\n"
                .formatted(
                        path,
                        String.join(
                                ",",
                                held(world, new PveAccess.Caller("iso@pve", null), path).stream()
                                        .map("\"%s\":1"::formatted)
                                        .toList()));
        Files.writeString(bin.resolve("held-iso@pve"), user);
        for (int i = 0; i < times; i++) {
            ProcessBuilder shell = new ProcessBuilder("sh", "-c", line).redirectErrorStream(true);
            shell.environment().put("PATH", bin + ":" + System.getenv("PATH"));
            Process running = shell.start();
            String message = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, running.waitFor(), message);
            assertEquals("", message);
        }
        List<PveWorld.Acl> acls = new ArrayList<>(world.acls());
        if (Files.exists(bin.resolve("acls"))) {
            for (String entry : Files.readAllLines(bin.resolve("acls"))) {
                String[] words = entry.split(" ", -1);
                String role = Files.readString(bin.resolve("role-" + words[2])).strip();
                acls.add(new PveWorld.Acl(words[0], words[1], privileges(role)));
            }
        }
        return world(acls);
    }

    private static Set<String> privileges(String role) {
        Set<String> all = new java.util.TreeSet<>(List.of(role.split("[\\s,]+", -1)));
        all.remove("");
        return all;
    }

    private String remedy(PveWorld world, ProxmoxLogin login, boolean removing) throws Exception {
        Path folder = Files.createTempDirectory(directory, "pve");
        try (PveEndpoint endpoint = PveBench.start(folder, world)) {
            ProxmoxClient client = new ProxmoxClient(PveBench.settings(endpoint, login));
            BuildException e = assertThrows(BuildException.class, () -> {
                if (removing) {
                    client.checkRemoval("resources");
                } else {
                    client.upload(PveBench.request("resources", "talos.iso", PveBench.content(10)), (_, _) -> {});
                }
            });
            return String.valueOf(e.problems().getFirst().remedy());
        }
    }

    private static PveWorld.Acl acl(String path, String who, String... privileges) {
        return new PveWorld.Acl(path, who, Set.of(privileges));
    }

    /** Typed once and twice: all that was held is held, and what was missing is there. */
    private void gives(PveWorld world, ProxmoxLogin login, boolean removing, String wanted) throws Exception {
        String line = remedy(world, login, removing);
        for (int times : List.of(1, 2)) {
            PveWorld after = typed(world, line, PATH, times);
            for (PveAccess.Caller who : List.of(new PveAccess.Caller("iso@pve", null), caller(world, login))) {
                Set<String> now = held(after, who, PATH);
                assertTrue(now.containsAll(held(world, who, PATH)), () -> who + " keeps " + now + " after " + line);
                assertTrue(now.contains(wanted), () -> who + " has " + now + " after " + line);
            }
        }
    }

    @Test
    void aUserWithInheritedRightsKeepsThem() throws Exception {
        String[] administrator = {
            "Datastore.Allocate",
            "Datastore.AllocateSpace",
            "Datastore.AllocateTemplate",
            "Datastore.Audit",
            "Sys.Audit"
        };
        PveWorld world = world(List.of(acl("/", "iso@pve", administrator)));
        gives(world, PveBench.TOKEN, false, "Datastore.AllocateTemplate");
        PveWorld after = typed(world, remedy(world, PveBench.TOKEN, false), PATH, 1);
        assertFalse(
                after.acls().stream()
                        .anyMatch(entry ->
                                entry.who().equals("iso@pve") && entry.path().equals(PATH)),
                "it needed nothing");
        PveWorld less = world(List.of(acl("/storage", "iso@pve", "Datastore.AllocateSpace", "Datastore.Audit")));
        gives(less, PveBench.TOKEN, false, "Datastore.AllocateTemplate");
        gives(less, new ProxmoxLogin.Password("iso@pve", "pass word+1"), false, "Datastore.AllocateTemplate");
    }

    @Test
    void theHintForPruneDoesNotBreakTheUpload() throws Exception {
        PveWorld world = world(List.of(
                acl("/storage", "iso@pve", "Datastore.AllocateTemplate", "Datastore.Audit"),
                acl("/storage", "iso@pve!ci", "Datastore.AllocateTemplate", "Datastore.Audit")));
        gives(world, PveBench.TOKEN, true, "Datastore.Allocate");
    }

    @Test
    void nothingAtAllIsTheUsualCase() throws Exception {
        gives(world(List.of()), PveBench.TOKEN, false, "Datastore.Audit");
        gives(world(List.of()), PveBench.TOKEN, true, "Datastore.Allocate");
        gives(world(List.of()), new ProxmoxLogin.Password("iso@pve", "pass word+1"), false, "Datastore.Audit");
    }
}
