package dev.talosforge.config;

import dev.talosforge.config.hcl.Body;
import dev.talosforge.config.hcl.Range;
import dev.talosforge.config.hcl.Value;
import java.nio.file.Path;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a file looks like to another one that reads it or has it exposed: with what it includes, part by part. */
final class FileParts {
    /** Text, empty where it is not set. */
    private static final List<String> TEXTS = List.of(
            "download_dir",
            "iam_assume_role_session_name",
            "iam_role",
            "iam_web_identity_token",
            "terraform_binary",
            "terraform_version_constraint",
            "terragrunt_version_constraint");

    /** There only where they are set. */
    private static final List<String> OPTIONAL = List.of(
            "iam_assume_role_duration",
            "prevent_destroy",
            "retry_max_attempts",
            "retry_sleep_interval_sec",
            "retryable_errors",
            "skip");

    private static final List<String> BLOCKS = List.of("catalog", "engine", "errors", "exclude");

    static final List<String> NAMES = Stream.of(
                    List.of("locals", "inputs", "terraform", "remote_state", "dependency", "dependencies"),
                    List.of("feature", "generate"),
                    BLOCKS,
                    TEXTS,
                    OPTIONAL)
            .flatMap(List::stream)
            .toList();

    private final FileEvaluation file;

    FileParts(FileEvaluation file) {
        this.file = file;
    }

    /** The parts that the file has, besides those that are empty text. */
    List<String> names() {
        return NAMES.stream()
                .filter(name -> !TEXTS.contains(name))
                .filter(name -> switch (name) {
                    case "locals", "inputs", "dependency", "feature" -> true;
                    default ->
                        topDown().stream()
                                .anyMatch(one -> one.body().attribute(name) != null
                                        || !one.body().blocks(name).isEmpty());
                })
                .toList();
    }

    /** The file and what is merged into it, the one that wins first. */
    private List<FileEvaluation> topDown() {
        return file.includes().topDown();
    }

    /** One part; null where the file does not have it. */
    @Nullable
    Value part(String name, Range at) {
        return switch (name) {
            case "locals" -> file.locals().whole(at);
            case "inputs" -> Value.object(file.inputs());
            case "dependency" -> file.dependencies().described();
            case "dependencies" -> dependencies();
            case "feature" -> file.features().whole(at);
            case "terraform" -> terraform();
            case "remote_state" -> remoteState();
            case "generate" -> generate();
            default -> BLOCKS.contains(name) ? block(name) : attribute(name);
        };
    }

    private @Nullable Value attribute(String name) {
        for (FileEvaluation one : topDown()) {
            Body.Attribute attribute = one.body().attribute(name);
            if (attribute != null) {
                return one.evaluate(attribute.value());
            }
        }
        return TEXTS.contains(name) ? Value.of("") : null;
    }

    private @Nullable Value block(String type) {
        for (FileEvaluation one : topDown()) {
            List<Body.Block> blocks = one.body().blocks(type);
            if (!blocks.isEmpty()) {
                return Value.object(members(one, blocks.getFirst().body()));
            }
        }
        return null;
    }

    private @Nullable Value dependencies() {
        TreeSet<String> paths = new TreeSet<>();
        boolean any = false;
        for (FileEvaluation one : topDown()) {
            any |= !one.body().blocks("dependencies").isEmpty();
            for (Path path : DependencyPaths.of(one)) {
                paths.add(Run.slashed(path));
            }
        }
        return any ? Value.object(new TreeMap<>(java.util.Map.of("paths", Value.listOfTexts(paths)))) : null;
    }

    /** Attribute by attribute, and hooks and further arguments by their names. */
    private @Nullable Value terraform() {
        SortedMap<String, Value> members = new TreeMap<>();
        boolean any = false;
        for (FileEvaluation one : topDown().reversed()) {
            for (Body.Block block : one.body().blocks("terraform")) {
                any = true;
                members.putAll(Merge.inputs(members, nested(one, block.body()), true));
                members.putAll(attributes(one, block.body()));
            }
        }
        return any ? Value.object(members) : null;
    }

    private @Nullable Value remoteState() {
        for (FileEvaluation one : topDown()) {
            Body.Attribute attribute = one.body().attribute("remote_state");
            if (attribute != null) {
                return one.evaluate(attribute.value());
            }
            if (!one.body().blocks("remote_state").isEmpty()) {
                return Value.object(attributes(
                        one, one.body().blocks("remote_state").getFirst().body()));
            }
        }
        return null;
    }

    private Value generate() {
        SortedMap<String, Value> members = new TreeMap<>();
        for (FileEvaluation one : topDown().reversed()) {
            Body.Attribute attribute = one.body().attribute("generate");
            if (attribute != null
                    && one.evaluate(attribute.value()) instanceof Value.Mapping(var _, SortedMap<String, Value> all)) {
                members.putAll(all);
            }
        }
        SequencedMap<String, Layers> blocks = file.includes().layers("generate");
        blocks.forEach((label, layers) -> {
            Layers.Layer layer = layers.blocks().getLast();
            members.put(
                    label, Value.object(attributes(layer.file(), layer.block().body())));
        });
        return Value.object(members);
    }

    private static SortedMap<String, Value> members(FileEvaluation in, Body body) {
        SortedMap<String, Value> members = new TreeMap<>(nested(in, body));
        members.putAll(attributes(in, body));
        return members;
    }

    private static SortedMap<String, Value> attributes(FileEvaluation in, Body body) {
        SortedMap<String, Value> members = new TreeMap<>();
        body.attributes().values().forEach(each -> members.put(each.name(), in.evaluate(each.value())));
        return members;
    }

    /** Blocks in a block: by type, then by name. */
    private static SortedMap<String, Value> nested(FileEvaluation in, Body body) {
        SortedMap<String, SortedMap<String, Value>> types = new TreeMap<>();
        for (Body.Block block : body.blocks()) {
            String label = String.join(" ", block.labels());
            SortedMap<String, Value> members = members(in, block.body());
            members.put("name", Value.of(label));
            types.computeIfAbsent(block.type(), _ -> new TreeMap<>()).put(label, Value.object(members));
        }
        SortedMap<String, Value> nested = new TreeMap<>();
        types.forEach((type, blocks) -> nested.put(type, Value.object(blocks)));
        return nested;
    }
}
