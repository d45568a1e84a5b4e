package dev.talosforge.lab.pve;

import dev.talosforge.json.Json;
import java.util.Map;

/** What a running stand-in is told, at {@code /lab/faults}. Not part of the imitation: no real server has it. */
final class PveControl {
    /** Its only path. */
    static final String PATH = "/lab/faults";

    private static final int MAX_TIMES = 1_000_000;

    private final PveFaults faults;
    private final PveAccess access;

    PveControl(PveFaults faults, PveAccess access) {
        this.faults = faults;
        this.access = access;
    }

    PveAnswer answer(PveRequest request, Map<String, String> form) {
        if (!access.isToken(request)) {
            return PveAnswer.of(PveMessage.NO_TICKET);
        }
        switch (request.method()) {
            case "POST" -> {
                PveFault fault = fault(form.getOrDefault("name", ""));
                int times = number(form.getOrDefault("count", "1"));
                int first = number(form.getOrDefault("after", "0"));
                if (fault == null || times < 0 || first < 0) {
                    return PveAnswer.error(400, "no such fault, or no such number of times");
                }
                faults.arm(fault, times, first);
            }
            case "DELETE" -> faults.clear();
            default -> {} // only a query
        }
        return PveAnswer.data(Json.array(
                faults.armed(),
                armed -> Json.object()
                        .put("name", armed.fault().name())
                        .put("count", armed.times())
                        .put("after", armed.first())
                        .build()));
    }

    private static @org.jspecify.annotations.Nullable PveFault fault(String name) {
        for (PveFault fault : PveFault.values()) {
            if (fault.name().equals(name)) {
                return fault;
            }
        }
        return null;
    }

    private static int number(String text) {
        return text.matches("[0-9]{1,7}") && Integer.parseInt(text) <= MAX_TIMES ? Integer.parseInt(text) : -1;
    }
}
