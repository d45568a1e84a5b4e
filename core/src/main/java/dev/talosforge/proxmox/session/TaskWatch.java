package dev.talosforge.proxmox.session;

import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Problem.Kind;
import dev.talosforge.problem.Where;
import dev.talosforge.proxmox.api.Upid;
import dev.talosforge.proxmox.wire.ProxmoxSettings;
import dev.talosforge.proxmox.wire.Reply;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Follows tasks, on the node that their id names. */
public final class TaskWatch {
    /** The first wait is this fraction of the longest one. */
    private static final int FIRST_LOOKS = 16;

    /** A wait is this fraction of the time that the task has taken so far, so that its end is noticed soon after. */
    private static final int PART = 10;

    private static final String WARNINGS = "WARNINGS: ";
    private static final String GOES_ON =
            "the server continues on its own: run the command again; it checks how the task ended before sending anything";

    private static final String FILE = "target file: ";
    private static final String NODE = "target node: ";
    private static final int LOG_LINES = 500;
    private static final int SHOWN_LINES = 20;

    private final ProxmoxSession session;
    private final URI at;

    public TaskWatch(ProxmoxSession session, URI at) {
        this.session = session;
        this.at = at;
    }

    /**
     * How a task ended.
     *
     * @param exit {@code OK}, {@code WARNINGS: n}, or what went wrong
     * @param log not read if the task ended well
     */
    public record Outcome(Upid task, String exit, List<String> log) {
        public boolean good() {
            return exit.equals("OK") || exit.startsWith(WARNINGS);
        }

        /** Whether the server itself cannot say how it ended. */
        public boolean forgotten() {
            return exit.startsWith("unable to get last line from task log");
        }

        /** The same, after checking the file itself. */
        public Outcome settled(String how) {
            return new Outcome(task, WARNINGS + exit + "; " + how, log);
        }

        @Nullable
        public String warning() {
            return exit.equals("OK") ? null : exit;
        }

        /** The last lines of the log, where the cause is. */
        public String tail() {
            return String.join(" | ", log.subList(Math.max(0, log.size() - SHOWN_LINES), log.size()));
        }

        /** Whether a copy failed, for which the exit says nothing more. */
        boolean isOfCopy() {
            return exit.startsWith("import failed");
        }

        /** Whether the server killed it: its copy may continue all the same. */
        public boolean killed() {
            return exit.equals("unexpected status");
        }

        /**
         * False only if the log says that the task wrote another file, or the file for another node.
         *
         * @param node null if it does not matter
         */
        public boolean mayBeAbout(String fileName, @Nullable String node) {
            return log.stream()
                    .allMatch(line -> line.startsWith(FILE)
                            ? line.endsWith("/" + fileName)
                            : node == null || !line.startsWith(NODE) || line.equals(NODE + node));
        }
    }

    private static String path(Upid task) {
        return "/nodes/%s/tasks/%s".formatted(task.node(), PvePath.encoded(task.text()));
    }

    /** The same with its log, even if the task ended well. */
    public Outcome withLog(Outcome outcome) throws InterruptedException {
        return outcome.good() ? new Outcome(outcome.task, outcome.exit, log(path(outcome.task))) : outcome;
    }

    private static String what(Upid task) {
        return "follow task %s".formatted(task.text());
    }

    /**
     * When an ended task ended, in seconds since the epoch by its node's clock; null if it is still running or no
     * longer known.
     */
    @Nullable
    public Long ended(Upid task) throws InterruptedException {
        for (JsonObject row : list(task.node(), task.type(), Duration.ZERO)) {
            if (task.text().equals(row.text("upid"))) {
                return row.whole("endtime");
            }
        }
        return null;
    }

    /** Its present state: null while it is running. */
    @Nullable
    public Outcome now(Upid task) throws InterruptedException {
        String path = path(task);
        JsonObject status = session.object(session.get(at, path + "/status", what(task), null), path);
        return "stopped".equals(status.text("status")) ? outcome(task, status) : null;
    }

    private Outcome outcome(Upid task, JsonObject status) throws InterruptedException {
        String exit = status.text("exitstatus");
        Outcome outcome = new Outcome(task, exit == null ? "no exit status" : exit, List.of());
        return outcome.good() ? outcome : new Outcome(task, outcome.exit, log(path(task)));
    }

    private JsonObject patiently(Upid task, String path) throws InterruptedException {
        try {
            Json data = session.get(
                    at, path + "/status", what(task), null, session.timing().patience());
            return session.object(data, path);
        } catch (BuildException e) {
            Problem problem = e.problems().getFirst();
            throw problem.kind() != Kind.UNAVAILABLE
                    ? e
                    : new BuildException(
                            Problem.failed(problem.kind(), problem.what())
                                    .because(problem.why())
                                    .at(problem.where())
                                    .trying(GOES_ON),
                            e);
        }
    }

    /** Its log so far; how it will end is not known yet. */
    public Outcome soFar(Upid task) throws InterruptedException {
        return new Outcome(task, "", log(path(task)));
    }

    /** Waits for the task's end. */
    public Outcome follow(Upid task) throws InterruptedException {
        String path = path(task);
        ProxmoxSettings.Pause clock = session.timing().pause();
        long start = clock.nanoTime();
        while (true) {
            JsonObject status = patiently(task, path);
            if ("stopped".equals(status.text("status"))) {
                return outcome(task, status);
            }
            if (clock.nanoTime() - start > session.timing().task().toNanos()) {
                throw session.failure()
                        .problem(
                                Kind.UNAVAILABLE,
                                "cannot wait for Proxmox any longer",
                                new Where.Remote("GET", session.uri(at, path + "/status"), 200),
                                "task %s is still running after %d seconds"
                                        .formatted(
                                                task.text(),
                                                session.timing().task().toSeconds()),
                                GOES_ON);
            }
            clock.pause(pause(Duration.ofNanos(clock.nanoTime() - start)));
        }
    }

    private List<JsonObject> list(String node, String type, Duration patience) throws InterruptedException {
        String path = "/nodes/%s/tasks?source=all&typefilter=%s&limit=500".formatted(node, type);
        return session.rows(at, path, "list the tasks of Proxmox", null, patience);
    }

    private Duration pause(Duration sofar) {
        Duration longest = session.timing().poll();
        Duration shortest = longest.dividedBy(FIRST_LOOKS);
        Duration part = sofar.dividedBy(PART);
        return part.compareTo(shortest) < 0 ? shortest : part.compareTo(longest) > 0 ? longest : part;
    }

    private List<String> log(String path) throws InterruptedException {
        Reply reply = session.reply(at, path + "/log?start=0&limit=" + LOG_LINES, "read the task's log");
        List<String> lines = new ArrayList<>();
        try {
            if (reply.ok() && reply.data() instanceof Json.JsonArray(List<Json> rows)) {
                for (Json row : rows) {
                    if (row instanceof JsonObject line && line.text("t") != null) {
                        lines.add(session.failure().clean(String.valueOf(line.text("t"))));
                    }
                }
            }
        } catch (Reply.Foreign e) {
            lines.add("cannot read the log: " + e.getMessage());
        }
        return lines;
    }

    /** Ids of the copy tasks that the node behind this endpoint knows and that we may see. */
    public SequencedSet<String> copies(String node) throws InterruptedException {
        return copies(node, Duration.ZERO);
    }

    /** The same, with patience. */
    public SequencedSet<String> copies(String node, Duration patience) throws InterruptedException {
        SequencedSet<String> ids = new TreeSet<>();
        for (JsonObject task : list(node, "imgcopy", patience)) {
            if (task.text("upid") != null) {
                ids.add(String.valueOf(task.text("upid")));
            }
        }
        return ids;
    }
}
