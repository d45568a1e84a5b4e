package dev.talosforge.lab.pve;

import dev.talosforge.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;

/** Routes below {@code /nodes/N/tasks}. */
final class PveTaskApi {
    private static final int DEFAULT_LIMIT = 50;

    private final PveTasks tasks;

    PveTaskApi(PveTasks tasks) {
        this.tasks = tasks;
    }

    PveAnswer answer(
            PveRequest request,
            String node,
            List<String> path,
            SequencedMap<String, String> form,
            PveAccess.Caller caller) {
        if (!request.method().equals("GET")) {
            return PveAnswer.of(PveMessage.METHOD_NOT_IMPLEMENTED, request.method());
        }
        if (path.isEmpty()) {
            return PveAnswer.data(list(node, form, caller));
        }
        String upid = path.getFirst();
        if (!upid.matches("UPID:[A-Za-z0-9-]+:[0-9A-F]{8}:[0-9A-F]{8,9}:[0-9A-F]{8}:[^:\\s]+:[^:\\s]*:[^:\\s]+:")) {
            return PveAnswer.parameter("upid", PveMessage.UPID_MALFORMED, upid);
        }
        PveTask task = tasks.find(upid);
        if (task == null || !task.node().equals(node)) {
            return PveAnswer.parameter("upid", PveMessage.TASK_UNKNOWN);
        }
        if (!caller.user().equals(PveWorld.ROOT) && !caller.owns(task.owner())) {
            return PveAnswer.of(PveMessage.PERMISSION, "/nodes/" + node, "Sys.Audit");
        }
        return switch (path.size() == 2 ? path.get(1) : "") {
            case "status" -> PveAnswer.data(task.status());
            case "log" -> log(task, form);
            default -> PveAnswer.of(PveMessage.METHOD_NOT_IMPLEMENTED, "GET");
        };
    }

    private static PveAnswer log(PveTask task, SequencedMap<String, String> form) {
        List<String> lines = task.log();
        int start = (int) Math.min(number(form, "start", 0), lines.size());
        int end = (int) Math.min(start + number(form, "limit", DEFAULT_LIMIT), lines.size());
        List<Json> rows = new ArrayList<>();
        for (int i = start; i < end; i++) {
            rows.add(PveShape.LINE.of(Json.object().put("n", i + 1).put("t", lines.get(i))));
        }
        return PveAnswer.data(new Json.JsonArray(rows), lines.size());
    }

    private Json list(String node, SequencedMap<String, String> form, PveAccess.Caller caller) {
        String type = form.getOrDefault("typefilter", "");
        String source = form.getOrDefault("source", "archive");
        long since = number(form, "since", 0);
        return new Json.JsonArray(tasks.on(node).stream()
                .filter(task -> caller.user().equals(PveWorld.ROOT) || caller.owns(task.owner()))
                .filter(task -> type.isEmpty() || task.type().equals(type))
                .filter(task -> task.start() >= since)
                .filter(task -> source.equals("all") || source.equals("active") == task.running())
                .limit(number(form, "limit", DEFAULT_LIMIT))
                .map(PveTask::listed)
                .toList());
    }

    private static long number(SequencedMap<String, String> form, String name, long otherwise) {
        String text = form.getOrDefault(name, "");
        return text.matches("[0-9]{1,12}") ? Long.parseLong(text) : otherwise;
    }
}
