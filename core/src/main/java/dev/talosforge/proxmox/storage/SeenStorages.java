package dev.talosforge.proxmox.storage;

import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.problem.NearestName;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Problem.Kind;
import dev.talosforge.proxmox.session.ProxmoxSession;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The storages that the credentials see, to find misspelt names. For a storage without permissions the server says
 * nothing, as if it did not exist.
 */
public final class SeenStorages {
    private final ProxmoxSession session;
    private final String wanted;

    public SeenStorages(ProxmoxSession session, String wanted) {
        this.session = session;
        this.wanted = wanted;
    }

    private SortedSet<String> names() throws InterruptedException {
        SortedSet<String> names = new TreeSet<>();
        for (JsonObject row : session.rows(session.base(), "/storage", "read the storages", null)) {
            String name = row.text("storage");
            if (name != null) {
                names.add(name);
            }
        }
        return names;
    }

    /**
     * Privileges are missing, which looks the same as a missing storage.
     *
     * @param grant gives them
     */
    public Problem lacking(String what, List<String> missing, String grant) throws InterruptedException {
        String lacks =
                "%s lacks %s on /storage/%s".formatted(session.login().named(), String.join(", ", missing), wanted);
        SortedSet<String> seen = names();
        if (seen.isEmpty() || seen.contains(wanted)) {
            return Problem.failed(Kind.REFUSED, what).because(lacks).trying(grant);
        }
        String nearest = NearestName.nearest(wanted, seen);
        return Problem.failed(nearest == null ? Kind.REFUSED : Kind.INVALID_INPUT, what)
                .because("%s, or there is no such storage; it sees %s".formatted(lacks, String.join(", ", seen)))
                .trying(
                        nearest == null
                                ? grant
                                : "did you mean \"%s\"? if there is a storage %s: %s"
                                        .formatted(nearest, wanted, grant));
    }

    /** The server itself says that there is no storage of that name. */
    public Problem unknown(String what, Problem problem) throws InterruptedException {
        SortedSet<String> seen = names();
        @Nullable String suggestion = NearestName.suggestion(wanted, seen);
        return Problem.failed(problem.kind(), what)
                .because(
                        seen.isEmpty()
                                ? problem.why()
                                : "%s; there are %s".formatted(problem.why(), String.join(", ", seen)))
                .at(problem.where())
                .trying(suggestion == null ? "pvesm status" : suggestion);
    }
}
