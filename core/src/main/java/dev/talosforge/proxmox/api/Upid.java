package dev.talosforge.proxmox.api;

import dev.talosforge.bytes.FormatException;
import dev.talosforge.json.Json;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A task's id, {@code UPID:node:PID:PSTART:START:type:id:user:}.
 *
 * @param node where the task runs: the node that received the request, whatever the URL says
 */
public record Upid(String text, String node, String type) {
    private static final Pattern FORM = Pattern.compile(
            "UPID:([A-Za-z0-9][A-Za-z0-9-]*):[0-9A-Fa-f]{8}:[0-9A-Fa-f]{8,9}:[0-9A-Fa-f]{8}:([^:\\s/]+):([^:\\s/]*):([^:\\s/]+):");

    /** Read from the answer to a request that started a task. */
    public static Upid of(Json data) throws FormatException {
        if (data instanceof Json.JsonText(String text)) {
            return parse(text);
        }
        throw new FormatException("Proxmox answer", 0, "names no task");
    }

    public static Upid parse(String text) throws FormatException {
        Matcher matcher = FORM.matcher(text);
        if (text.length() > 1000 || !matcher.matches()) {
            throw new FormatException("Proxmox task id", 0, "is not one");
        }
        return new Upid(text, matcher.group(1), matcher.group(2));
    }
}
