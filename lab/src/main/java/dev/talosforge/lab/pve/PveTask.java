package dev.talosforge.lab.pve;

import dev.talosforge.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A worker with its log. Safe for use by several threads.
 *
 * <p>Its id is {@code UPID:node:PID8:PSTART8:START8:type:id:user:} with upper-case hexadecimal numbers.
 */
final class PveTask {
    private static final int MAX_LINES = 10_000;

    private final String node;
    private final long pid;
    private final long processStart;
    private final long start;
    private final String type;
    private final String subject;
    private final String owner;
    private final List<String> log = new ArrayList<>();
    private @Nullable String exit;
    private long end;
    private boolean logLost;

    PveTask(String node, long pid, long processStart, long start, String type, String subject, String owner) {
        this.node = node;
        this.pid = pid;
        this.processStart = processStart;
        this.start = start;
        this.type = type;
        this.subject = subject;
        this.owner = owner;
    }

    String upid() {
        return String.format(
                Locale.ROOT, "UPID:%s:%08X:%08X:%08X:%s:%s:%s:", node, pid, processStart, start, type, subject, owner);
    }

    String node() {
        return node;
    }

    String type() {
        return type;
    }

    String owner() {
        return owner;
    }

    long start() {
        return start;
    }

    void say(PveMessage message, Object... values) {
        say(message.text(values));
    }

    private synchronized void say(String line) {
        if (log.size() < MAX_LINES) {
            log.add(line);
        }
    }

    /**
     * Ends it with the given exit status or error text.
     *
     * @param time in seconds since the epoch
     */
    synchronized void end(String result, long time) {
        end = time;
        if (result.equals(PveMessage.TASK_OK.text()) || result.startsWith("WARNINGS: ")) {
            say(PveMessage.LOG_OK, result);
        } else if (!result.equals(PveMessage.TASK_KILLED.text())) {
            say(PveMessage.LOG_ERROR, result); // a killed task cannot write
        }
        exit = result;
    }

    /** From now on nobody can tell how it ended. */
    synchronized void loseLog() {
        log.clear();
        logLost = true;
    }

    synchronized boolean running() {
        return exit == null;
    }

    synchronized List<String> log() {
        return List.copyOf(log);
    }

    Json.Builder described() {
        int mark = owner.indexOf('!');
        Json.Builder out = Json.object()
                .put("upid", upid())
                .put("node", node)
                .put("pid", pid)
                .put("pstart", processStart)
                .put("starttime", start)
                .put("type", type)
                .put("id", subject)
                .put("user", mark < 0 ? owner : owner.substring(0, mark));
        return mark < 0 ? out : out.put("tokenid", owner.substring(mark + 1));
    }

    synchronized Json status() {
        Json.Builder out = described();
        String result = exit == null || !logLost ? exit : PveMessage.TASK_LOG_LOST.text();
        return result == null
                ? PveShape.TASK_STATUS.of(out.put("status", "running"))
                : PveShape.TASK_STATUS.of(out.put("status", "stopped").put("exitstatus", result));
    }

    /** A row of a node's tasks: only there does a server report the end time. */
    synchronized Json listed() {
        Json.Builder row = described().put("status", exit == null ? "RUNNING" : exit);
        return PveShape.TASK.of(exit == null ? row : row.put("endtime", end));
    }
}
