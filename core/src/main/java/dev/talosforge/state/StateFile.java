package dev.talosforge.state;

import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.WholeFile;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonArray;
import dev.talosforge.json.Json.JsonBool;
import dev.talosforge.json.Json.JsonNull;
import dev.talosforge.json.Json.JsonNumber;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.JsonReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The outputs of one unit in a Terraform state file of format version 4, as Terraform, OpenTofu and Terragrunt read it.
 *
 * <p>Everything else in the file (resources, checks, unknown members, the version of the Terraform that wrote it) is
 * kept unchanged. The lineage stays, the serial rises with every change of the outputs, and the state before the change
 * is kept as {@code .backup}, as in Terraform.
 */
public final class StateFile {
    private static final int FORMAT = 4;
    private static final int MAX_BYTES = 64 << 20;

    /** Terraform up to 0.13 refuses states written by newer versions; this version was the first to write format 4. */
    private static final String TERRAFORM_VERSION = "0.12.0";

    private final Path path;

    private StateFile(Path path) {
        this.path = path;
    }

    public static StateFile at(Path path) {
        return new StateFile(path);
    }

    public Path path() {
        return path;
    }

    /** The recorded outputs by name, or null if nothing was recorded yet. */
    public @Nullable SequencedMap<String, Json> outputs() throws IOException {
        JsonObject state = parsed(StateLock.read(path, MAX_BYTES));
        return state == null ? null : values(state);
    }

    private SequencedMap<String, Json> values(JsonObject state) {
        SequencedMap<String, Json> outputs = new LinkedHashMap<>();
        recorded(state).forEach((name, entry) -> {
            Json value = entry.get("value");
            if (value != null) {
                outputs.put(name, value);
            }
        });
        return outputs;
    }

    /**
     * What a last apply left, of one reading.
     *
     * @param outputs empty if there are none
     * @param moduleRecord what our Terraform module recorded; null if the state is not of such a module
     */
    public record LastApply(
            SequencedMap<String, Json> outputs, @Nullable JsonObject moduleRecord) {}

    public LastApply lastApply() throws IOException {
        JsonObject state = parsed(StateLock.read(path, MAX_BYTES));
        return state == null
                ? new LastApply(new LinkedHashMap<>(), null)
                : new LastApply(values(state), ModuleRecord.in(state));
    }

    /** The names of the recorded outputs that are marked as sensitive. */
    public SequencedSet<String> sensitive() throws IOException {
        SequencedSet<String> names = new TreeSet<>();
        JsonObject state = parsed(StateLock.read(path, MAX_BYTES));
        if (state != null) {
            recorded(state).forEach((name, entry) -> {
                if (entry.get("sensitive") instanceof JsonBool(boolean marked) && marked) {
                    names.add(name);
                }
            });
        }
        return names;
    }

    /**
     * Records outputs, replacing all earlier ones. If they are unchanged, nothing is written, so the file's time tells
     * when they last changed. A null is not an output, as in Terraform. An output that keeps its value also keeps its
     * type, and a sensitive one stays sensitive.
     *
     * @return whether the file changed
     */
    public boolean record(Map<String, Json> outputs) throws IOException {
        return record(outputs, List.of());
    }

    /**
     * As {@link #record(Map)}, on top of what another program made of this state elsewhere in the meantime: resources
     * and everything else in a copy with a higher serial continue here.
     *
     * @param copies states that continue this one, or start it if there is none yet
     */
    public boolean record(Map<String, Json> outputs, Collection<StateFile> copies) throws IOException {
        byte[] bytes = StateLock.read(path, MAX_BYTES);
        JsonObject own = parsed(bytes);
        JsonObject state = own;
        for (StateFile copy : copies) {
            JsonObject other = copy.parsed(StateLock.read(copy.path, MAX_BYTES));
            if (other != null && (state == null || isNewer(other, state))) {
                state = other;
            }
        }
        SequencedMap<String, JsonObject> before = state == null ? new LinkedHashMap<>() : recorded(state);
        JsonObject recorded = encode(outputs, before);
        if (own != null && own.equals(state) && recorded.members().equals(before)) {
            return false;
        }
        JsonObject next = state == null ? first(recorded) : changed(state, recorded);
        replace(own == null ? null : bytes, next.pretty().getBytes(StandardCharsets.UTF_8));
        return true;
    }

    /**
     * Copies this state to another place unchanged. A state of another lineage there continues with the same outputs.
     *
     * @return whether that file changed
     */
    public boolean mirror(StateFile copy) throws IOException {
        byte[] bytes = StateLock.read(path, MAX_BYTES);
        JsonObject own = parsed(bytes);
        if (bytes == null || own == null) {
            return false;
        }
        byte[] there = StateLock.read(copy.path, MAX_BYTES);
        JsonObject other = copy.parsed(there);
        if (other != null && !lineage(other).equals(lineage(own))) {
            SequencedMap<String, Json> outputs = outputs();
            return outputs != null && copy.record(outputs);
        }
        if (Arrays.equals(bytes, there)) {
            return false;
        }
        copy.replace(other == null ? null : there, bytes);
        return true;
    }

    /**
     * Whether another state of the same unit is later: by serial if one continues the other, otherwise by file time. A
     * missing state is earlier than any.
     */
    public boolean isOlderThan(StateFile other) throws IOException {
        JsonObject otherState = other.parsed(StateLock.read(other.path, MAX_BYTES));
        JsonObject ownState = otherState == null ? null : parsed(StateLock.read(path, MAX_BYTES));
        if (otherState == null || ownState == null) {
            return otherState != null;
        }
        return lineage(otherState).equals(lineage(ownState))
                ? isNewer(otherState, ownState)
                : Files.getLastModifiedTime(other.path).compareTo(Files.getLastModifiedTime(path)) > 0;
    }

    private static boolean isNewer(JsonObject other, JsonObject state) {
        Long otherSerial = other.whole("serial");
        Long ownSerial = state.whole("serial");
        return lineage(other).equals(lineage(state))
                && otherSerial != null
                && (ownSerial == null || otherSerial > ownSerial);
    }

    private static String lineage(JsonObject state) {
        String lineage = state.text("lineage");
        return lineage == null ? "" : lineage;
    }

    private void replace(byte @Nullable [] before, byte[] next) throws IOException {
        if (before != null) {
            backup(before);
        }
        StateLock.replace(path, next);
    }

    private JsonObject first(JsonObject recorded) {
        // A lineage only has to differ from those of other states: two trees at one place are the same tree.
        return Json.object()
                .put("version", FORMAT)
                .put("terraform_version", TERRAFORM_VERSION)
                .put("serial", 1)
                .put("lineage", Uuids.of(path.toAbsolutePath().normalize().toString()))
                .put("outputs", recorded)
                .put("resources", new JsonArray(List.of()))
                .put("check_results", Json.ofNull())
                .build();
    }

    private JsonObject changed(JsonObject state, JsonObject recorded) throws IOException {
        Long serial = state.whole("serial");
        if (serial == null && state.get("serial") instanceof JsonNumber(var number)) {
            throw broken("has the serial %s, which cannot be increased".formatted(number));
        }
        JsonObject raised = state.with("serial", Json.of(serial == null ? 1 : Math.addExact(serial, 1)));
        String lineage = state.text("lineage");
        if (lineage == null || lineage.isEmpty()) {
            raised = raised.with(
                    "lineage",
                    Json.of(Uuids.of(path.toAbsolutePath().normalize().toString())));
        }
        return raised.with("outputs", recorded);
    }

    private @Nullable JsonObject parsed(byte @Nullable [] bytes) throws IOException {
        if (bytes == null || bytes.length == 0) {
            return null; // Terraform leaves an empty file behind if a first apply is interrupted
        }
        JsonObject state = JsonReader.readObject("Terraform state " + path, bytes);
        if (state.get("encrypted_data") != null) {
            throw broken("is encrypted by OpenTofu, and this program does not have the keys: "
                    + "give this unit its own state without encryption");
        }
        Long version = state.whole("version");
        if (version == null) {
            throw broken("has no format version, so it may not be a Terraform state");
        }
        if (version < FORMAT) {
            throw broken(
                    "has format version %d, expected 4: apply it once with Terraform 0.12 or newer".formatted(version));
        }
        if (version > FORMAT) {
            throw broken("has format version %d, expected 4: a newer program wrote it; use a newer Talos Forge, too"
                    .formatted(version));
        }
        return state;
    }

    private SequencedMap<String, JsonObject> recorded(JsonObject state) {
        SequencedMap<String, JsonObject> entries = new LinkedHashMap<>();
        JsonObject outputs = state.object("outputs");
        if (outputs != null) {
            new TreeMap<>(outputs.members()).forEach((name, entry) -> {
                if (entry instanceof JsonObject object) {
                    entries.put(name, object);
                }
            });
        }
        return entries;
    }

    private FormatException broken(String what) {
        return new FormatException("Terraform state " + path, 0, what);
    }

    private void backup(byte[] before) throws IOException {
        try (WholeFile file = WholeFile.beside(path.resolveSibling(path.getFileName() + ".backup"))) {
            file.fill(
                    out -> {
                        out.write(before);
                        return before.length;
                    },
                    path);
            file.publish();
        }
    }

    private static JsonObject encode(Map<String, Json> outputs, Map<String, JsonObject> before) {
        Json.Builder encoded = Json.object();
        new TreeMap<>(outputs).forEach((name, value) -> {
            if (!(value instanceof JsonNull)) {
                encoded.put(name, entry(value, before.get(name)));
            }
        });
        return encoded.build();
    }

    private static JsonObject entry(Json value, @Nullable JsonObject before) {
        Json old = before == null ? null : before.get("value");
        if (before != null && old != null && OutputType.same(old, value)) {
            return before;
        }
        Json.Builder entry = Json.object().put("value", value).put("type", OutputType.of(value));
        if (before != null && before.get("sensitive") instanceof JsonBool(boolean marked) && marked) {
            entry.put("sensitive", true);
        }
        return entry.build();
    }
}
