package dev.talosforge.pipeline.request;

import dev.talosforge.bytes.FormatException;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.text.ValueJson;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonNull;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.Json.JsonText;
import dev.talosforge.json.JsonReader;
import dev.talosforge.pipeline.inputs.StageModule;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.NearestName;
import dev.talosforge.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads requests. Everything that is wrong is reported at once; no value is repeated, because it may be secret. */
public final class RequestReader {
    /** The size of a request, in bytes. */
    public static final int MAX_BYTES = 16 << 20;

    private static final int MAX_NAME = 200;
    private static final List<String> MEMBERS = List.of("folder", "inputs", "name", "outputs_file", "record");

    private final StageModule module;
    private final String from;
    private final Path folder;
    private final List<Problem> problems = new ArrayList<>();

    /**
     * @param from where the request comes from, in messages
     * @param folder absolute, if the request names none
     */
    public RequestReader(StageModule module, String from, Path folder) {
        this.module = module;
        this.from = from;
        this.folder = folder;
    }

    /** The stage of a module's name, with or without {@code talos_}; null if there is none. */
    public static @Nullable StageModule module(String name) {
        StageModule module = StageModule.of(name);
        return module == null ? StageModule.of("talos_" + name) : module;
    }

    /** Inputs of the stage, as an example. */
    public String example() {
        return switch (module) {
            case EXTENSION ->
                "{\"name\": \"hello\", \"extension_version\": \"v1.0.0\", \"extension_registry\": \"oci:out\", \"sources\": [{\"dir\": \"rootfs\"}]}";
            case IMAGES -> "{\"talos_version\": \"v1.11.5\", \"installer_registry\": \"ghcr.io/acme/installer\"}";
            case UPLOAD ->
                "{\"iso_path\": \"talos.iso\", \"iso_name\": \"talos.iso\", \"proxmox_datastore_id\": \"local\", \"proxmox_node_names\": [\"pve1\"]}";
        };
    }

    /** A request of inputs alone. */
    public StageRequest ofInputs(byte[] json) {
        StageRequest request = new StageRequest(module, module.module(), folder, inputs(object(json)), null, null);
        end();
        return request;
    }

    /** A whole request. */
    public StageRequest read(byte[] json) {
        JsonObject all = object(json);
        for (String name : all.members().keySet()) {
            if (!MEMBERS.contains(name)) {
                problem(
                        "unknown member \"%s\" of %s".formatted(name, from),
                        "known here: " + String.join(", ", MEMBERS),
                        NearestName.suggestion(name, MEMBERS));
            }
        }
        Path named = path(all, "folder");
        JsonObject inputs = member(all, "inputs");
        if (inputs == null && problems.isEmpty()) {
            wrong("inputs", "it is missing; it is a JSON object with the stage's inputs, or the text of one");
        }
        StageRequest request = new StageRequest(
                module,
                name(all),
                named == null ? folder : named.normalize(),
                inputs == null ? new TreeMap<>() : inputs(inputs),
                last(all),
                path(all, "outputs_file"));
        end();
        return request;
    }

    private JsonObject object(byte[] json) {
        if (json.length > MAX_BYTES) {
            throw unreadable("it has more than %d bytes".formatted(MAX_BYTES));
        }
        try {
            return JsonReader.readObject("request", json);
        } catch (FormatException e) {
            throw unreadable(why(e));
        }
    }

    private BuildException unreadable(String why) {
        return new BuildException(Problem.failed(Problem.Kind.INVALID_INPUT, "cannot read " + from)
                .because(why));
    }

    /** Without what was found, which may be secret. */
    private static String why(FormatException e) {
        return "it %s, at byte %d".formatted(e.reason(), e.offset());
    }

    /** An object, or the text of one; null if it is missing or empty, or wrong, which is reported. */
    private @Nullable JsonObject member(JsonObject all, String name) {
        return switch (all.get(name)) {
            case null -> null;
            case JsonNull _ -> null;
            case JsonObject object -> object;
            case JsonText(String text) -> {
                if (text.isEmpty()) {
                    yield null;
                }
                try {
                    yield JsonReader.readObject(name, text.getBytes(StandardCharsets.UTF_8));
                } catch (FormatException e) {
                    wrong(name, why(e));
                    yield null;
                }
            }
            default -> {
                wrong(name, "it is neither a JSON object nor the text of one");
                yield null;
            }
        };
    }

    private SequencedMap<String, Value> inputs(JsonObject object) {
        SequencedMap<String, Value> inputs = new TreeMap<>();
        object.members().forEach((name, value) -> {
            if (!(value instanceof JsonNull)) {
                try {
                    inputs.put(name, ValueJson.fromJson(withoutNulls(value)));
                } catch (ArithmeticException e) {
                    wrong("inputs." + name, "it contains a number that is too long");
                }
            }
        });
        return inputs;
    }

    /** Terraform writes optional members of objects as nulls. */
    private static Json withoutNulls(Json value) {
        return switch (value) {
            case JsonObject(var members) -> {
                Json.Builder set = Json.object();
                members.forEach((name, member) -> {
                    if (!(member instanceof JsonNull)) {
                        set.put(name, withoutNulls(member));
                    }
                });
                yield set.build();
            }
            case Json.JsonArray(var items) -> Json.array(items, RequestReader::withoutNulls);
            default -> value;
        };
    }

    private @Nullable String text(JsonObject all, String name) {
        return switch (all.get(name)) {
            case null -> null;
            case JsonNull _ -> null;
            case JsonText(String text) -> text.isEmpty() ? null : text;
            default -> {
                wrong(name, "it is not a text");
                yield null;
            }
        };
    }

    private String name(JsonObject all) {
        String name = text(all, "name");
        if (name == null) {
            return module.module();
        }
        String why = whyNoName(name);
        if (why != null) {
            wrong("name", why);
        }
        return name;
    }

    /** Why a unit cannot be called so; null if it can. */
    public static @Nullable String whyNoName(String name) {
        return name.isBlank() || name.length() > MAX_NAME || name.chars().anyMatch(Character::isISOControl)
                ? "it must be one line of 1 to %d characters".formatted(MAX_NAME)
                : null;
    }

    private @Nullable Path path(JsonObject all, String name) {
        String text = text(all, name);
        if (text == null) {
            return null;
        }
        try {
            Path path = Path.of(text);
            if (path.isAbsolute()) {
                return path;
            }
            wrong(name, "it is not an absolute path");
        } catch (InvalidPathException e) {
            wrong(name, "it is not a path");
        }
        return null;
    }

    private @Nullable LastApply last(JsonObject all) {
        JsonObject record = member(all, "record");
        LastApply last = record == null ? null : LastApply.read(record);
        if (record != null && last == null) {
            wrong("record", "it has no outputs, as the record of an apply's answer has");
        }
        return last;
    }

    private void wrong(String member, String why) {
        problem("cannot use \"%s\" of %s".formatted(member, from), why, null);
    }

    private void problem(String what, String why, @Nullable String remedy) {
        problems.add(
                Problem.failed(Problem.Kind.INVALID_INPUT, what).because(why).trying(remedy));
    }

    private void end() {
        if (!problems.isEmpty()) {
            throw new BuildException(problems, null);
        }
    }
}
