package dev.talosforge.lab.pve;

import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonArray;
import dev.talosforge.json.Json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * The response to the client.
 *
 * @param json null for an empty body or plain text
 * @param delayed held back, as every 401 is
 * @param relayed from the other daemon or another node: has two Connection headers
 * @param status 0 for no answer at all: the connection is just closed
 */
record PveAnswer(
        int status,
        String reason,
        @Nullable JsonObject json,
        @Nullable String text,
        boolean delayed,
        boolean relayed) {
    private static final int REASON_LIMIT = 1000;

    static PveAnswer data(Json data) {
        return new PveAnswer(200, "OK", Json.object().put("data", data).build(), null, false, false);
    }

    static PveAnswer data(Json data, long total) {
        return new PveAnswer(
                200, "OK", Json.object().put("data", data).put("total", total).build(), null, false, false);
    }

    /** An error of a handler: its text is in the status line and, on current servers, in the body. */
    static PveAnswer error(int status, String message) {
        JsonObject body = Json.object()
                .put("data", Json.ofNull())
                .put("message", message + "\n")
                .build();
        return new PveAnswer(status, message.lines().findFirst().orElse(""), body, null, false, false);
    }

    /** A recorded answer of the current server. */
    static PveAnswer of(PveMessage message, Object... values) {
        return ofAge(true, message, values);
    }

    /** @param current whether it comes from a server since PVE 8.4 */
    static PveAnswer ofAge(boolean current, PveMessage message, Object... values) {
        RecordedAnswer recorded = message.record();
        int status = current ? recorded.status() : recorded.oldStatus();
        String text = message.text(values);
        return switch (recorded.as()) {
            case HANDLER -> error(status, text);
            case LINE -> bare(status, text);
            case LAYER -> layer(status, text);
            case PAGE -> page(status, text);
            case PARAMETER, TASK, LOG -> throw new IllegalArgumentException(message + " is not an answer of its own");
        };
    }

    /** 400 with the parameter at fault. */
    static PveAnswer parameter(String name, PveMessage why, Object... values) {
        return parameters(Json.object().put(name, why.text(values)).build());
    }

    static PveAnswer parameters(JsonObject errors) {
        PveAnswer answer = of(PveMessage.VERIFICATION_FAILED);
        JsonObject body = answer.json == null ? errors : answer.json.with("errors", errors);
        return new PveAnswer(answer.status, answer.reason, body, null, false, false);
    }

    /** Only a status line, as for 401, 595 and 596. */
    private static PveAnswer bare(int status, String reason) {
        return new PveAnswer(status, reason, null, null, false, false);
    }

    /** From the HTTP layer itself: plain text without a content type. */
    private static PveAnswer layer(int status, String message) {
        return new PveAnswer(status, message.lines().findFirst().orElse(""), null, message, false, false);
    }

    /** From a proxy in between. */
    private static PveAnswer page(int status, String reason) {
        return new PveAnswer(
                status, reason, null, "<html><h1>%d %s</h1></html>".formatted(status, reason), false, false);
    }

    static PveAnswer dropped() {
        return bare(0, "");
    }

    PveAnswer afterDelay() {
        return new PveAnswer(status, reason, json, text, true, relayed);
    }

    PveAnswer throughRelay() {
        return new PveAnswer(status, reason, json, text, delayed, true);
    }

    /** Head and body. Members of objects come in any order, as from Perl. */
    byte[] encode(String date, boolean close, boolean messages, Random order) {
        String body = text == null || !messages ? "" : text;
        if (json != null) {
            body = shuffled(messages || status < 400 ? json : withoutMessage(json), order)
                    .compact();
        }
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        StringBuilder head = new StringBuilder("HTTP/1.1 ").append(status).append(' ');
        head.append(reason, 0, Math.min(reason.length(), REASON_LIMIT)).append("\r\n");
        head.append("Cache-Control: max-age=0\r\nDate: ").append(date).append("\r\n");
        head.append("Pragma: no-cache\r\nServer: pve-api-daemon/3.0\r\n");
        if (relayed) {
            head.append("Connection: close\r\n");
        }
        head.append("Connection: ").append(close ? "close" : "Keep-Alive").append("\r\n");
        if (json != null) {
            head.append("Content-Type: application/json;charset=UTF-8\r\n");
        }
        head.append("Content-Length: ").append(bytes.length).append("\r\n\r\n");
        byte[] start = head.toString().getBytes(StandardCharsets.ISO_8859_1);
        byte[] whole = java.util.Arrays.copyOf(start, start.length + bytes.length);
        System.arraycopy(bytes, 0, whole, start.length, bytes.length);
        return whole;
    }

    private static JsonObject withoutMessage(JsonObject body) {
        SequencedMap<String, Json> members = new LinkedHashMap<>(body.members());
        members.remove("message");
        return new JsonObject(members);
    }

    private static Json shuffled(Json value, Random order) {
        return switch (value) {
            case JsonObject(var members) -> {
                List<String> names = new ArrayList<>(members.keySet());
                Collections.shuffle(names, order);
                SequencedMap<String, Json> mixed = new LinkedHashMap<>();
                names.forEach(name -> mixed.put(name, shuffled(members.getOrDefault(name, Json.ofNull()), order)));
                yield new JsonObject(mixed);
            }
            case JsonArray(var items) ->
                new JsonArray(items.stream().map(item -> shuffled(item, order)).toList());
            default -> value;
        };
    }
}
