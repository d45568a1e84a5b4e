package dev.talosforge.state;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonArray;
import dev.talosforge.json.Json.JsonBool;
import dev.talosforge.json.Json.JsonNumber;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.Json.JsonText;
import dev.talosforge.json.JsonReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The outputs of one unit in a Terraform state file of format version 4, which Terraform, OpenTofu and Terragrunt read.
 *
 * <p>What else stands in the file (resources, checks) is carried over as it is; the lineage stays, the serial rises
 * with every change of the outputs. Specification: Terraform {@code internal/states/statefile/version4.go}, described
 * by what {@code terraform state pull} prints.
 */
public final class StateFile {
    private static final int FORMAT = 4;
    private static final int MAX_BYTES = 64 << 20;

    /** Terraform refuses a state that a newer version of it wrote; this one is old enough for all that read format 4. */
    private static final String TERRAFORM_VERSION = "1.0.0";

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

    /** The recorded outputs by name, or null when nothing was recorded yet. */
    public @Nullable SequencedMap<String, Json> outputs() throws IOException {
        JsonObject state = read();
        if (state == null) {
            return null;
        }
        SequencedMap<String, Json> outputs = new LinkedHashMap<>();
        JsonObject recorded = state.object("outputs");
        if (recorded != null) {
            for (Map.Entry<String, Json> output : new TreeMap<>(recorded.members()).entrySet()) {
                Json value = output.getValue() instanceof JsonObject object ? object.get("value") : null;
                if (value != null) {
                    outputs.put(output.getKey(), value);
                }
            }
        }
        return outputs;
    }

    /**
     * Records outputs in place of all earlier ones. The file is written beside and renamed; nothing is written when the
     * same outputs stand there already.
     *
     * @return whether the file changed
     */
    public boolean record(Map<String, Json> outputs) throws IOException {
        JsonObject state = read();
        JsonObject recorded = encode(outputs);
        if (state != null && recorded.equals(state.object("outputs"))) {
            return false;
        }
        JsonObject next;
        if (state == null) {
            next = Json.object()
                    .put("version", FORMAT)
                    .put("terraform_version", TERRAFORM_VERSION)
                    .put("serial", 1)
                    .put("lineage", lineage())
                    .put("outputs", recorded)
                    .put("resources", new JsonArray(java.util.List.of()))
                    .put("check_results", Json.ofNull())
                    .build();
        } else {
            Long serial = state.whole("serial");
            next = state.with("serial", Json.of(serial == null ? 1 : serial + 1))
                    .with("outputs", recorded);
        }
        write(next);
        return true;
    }

    private @Nullable JsonObject read() throws IOException {
        byte[] bytes;
        try {
            bytes = ByteSource.of(path).readAll("Terraform state " + path, MAX_BYTES);
        } catch (NoSuchFileException e) {
            return null;
        }
        if (bytes.length == 0) {
            return null; // Terraform leaves an empty file behind when a first apply is interrupted
        }
        JsonObject state = JsonReader.readObject("Terraform state " + path, bytes);
        Long version = state.whole("version");
        if (version == null || version != FORMAT) {
            throw new FormatException(
                    "Terraform state " + path, 0, "is of format version %s, 4 is needed".formatted(version));
        }
        return state;
    }

    private void write(JsonObject state) throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        Path temporary = path.resolveSibling("." + path.getFileName() + ".new");
        try {
            Files.writeString(temporary, state.pretty(), StandardCharsets.UTF_8);
            Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /**
     * A lineage only has to differ from those of other states. Made from the file's place, because a random one would
     * need randomness: two trees at one place are one tree.
     */
    private String lineage() {
        String hex = Sha256.of(path.toAbsolutePath().normalize().toString().getBytes(StandardCharsets.UTF_8))
                .hex();
        return "%s-%s-8%s-8%s-%s"
                .formatted(
                        hex.substring(0, 8),
                        hex.substring(8, 12),
                        hex.substring(13, 16),
                        hex.substring(17, 20),
                        hex.substring(20, 32));
    }

    private static JsonObject encode(Map<String, Json> outputs) {
        Json.Builder encoded = Json.object();
        new TreeMap<>(outputs)
                .forEach((name, value) -> encoded.put(
                        name,
                        Json.object()
                                .put("value", value)
                                .put("type", type(value))
                                .build()));
        return encoded.build();
    }

    /** The value's type as Terraform writes it in state files: {@code "string"}, {@code ["map","string"]}, … */
    private static Json type(Json value) {
        return switch (value) {
            case JsonText ignored -> Json.of("string");
            case JsonNumber ignored -> Json.of("number");
            case JsonBool ignored -> Json.of("bool");
            case Json.JsonNull ignored -> Json.of("dynamic");
            case JsonArray(var items) ->
                new JsonArray(java.util.List.of(
                        Json.of("tuple"),
                        new JsonArray(items.stream().map(StateFile::type).toList())));
            case JsonObject(var members) -> {
                Json.Builder types = Json.object();
                members.forEach((name, member) -> types.put(name, type(member)));
                yield new JsonArray(java.util.List.of(Json.of("object"), types.build()));
            }
        };
    }
}
