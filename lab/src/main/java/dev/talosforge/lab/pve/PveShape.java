package dev.talosforge.lab.pve;

import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Objects in the real server's answers. Which members they have is data, {@code shapes.tsv} beside this class, each
 * with the version and the case in which it was seen; the stand-in sends no object of another shape.
 */
enum PveShape {
    VERSION,
    TICKET,
    CHALLENGE,
    ACL,
    NODE,
    NODE_STATUS,
    RESOURCE_STORAGE,
    RESOURCE_MACHINE,
    STORAGE,
    STORAGE_ON_NODE,
    STORAGE_STATUS,
    CONTENT,
    VOLUME,
    TASK_STATUS,
    TASK,
    LINE,
    PENDING,
    SNAPSHOT;

    private static final Map<PveShape, RecordedShape> RECORDED = recorded();

    private static Map<PveShape, RecordedShape> recorded() {
        Map<PveShape, RecordedShape> recorded = new EnumMap<>(PveShape.class);
        RecordedShape.all().forEach((name, shape) -> recorded.put(valueOf(name), shape));
        return recorded;
    }

    /** The object, if it has this shape. */
    JsonObject of(Json.Builder builder) {
        JsonObject object = builder.build();
        RecordedShape shape = Objects.requireNonNull(RECORDED.get(this), () -> name() + " is not in shapes.tsv");
        List<String> missing = new ArrayList<>(shape.members());
        missing.removeAll(object.members().keySet());
        List<String> strange = new ArrayList<>(object.members().keySet());
        strange.removeAll(shape.members());
        strange.removeAll(shape.perhaps());
        if (!missing.isEmpty() || !strange.isEmpty()) {
            throw new IllegalStateException(
                    "%s lacks %s and has %s, unlike the real server's".formatted(name(), missing, strange));
        }
        return object;
    }
}
