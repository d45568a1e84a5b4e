package dev.talosforge.config.terragrunt.file;

import dev.talosforge.config.hcl.syntax.Body;
import dev.talosforge.config.hcl.syntax.Range;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.terragrunt.block.Blocks;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A file as others see it that read it or expose it: with its includes, part by part. */
public final class FileParts {
    /** Parts that are text, empty if they are not set. */
    private static final List<String> TEXTS = List.of(
            "download_dir",
            "iam_assume_role_session_name",
            "iam_role",
            "iam_web_identity_token",
            "terraform_binary",
            "terraform_version_constraint",
            "terragrunt_version_constraint");

    /** Parts that are present only if they are set. */
    private static final List<String> OPTIONAL = List.of(
            "iam_assume_role_duration",
            "prevent_destroy",
            "retry_max_attempts",
            "retry_sleep_interval_sec",
            "retryable_errors",
            "skip");

    /** Parts that are read by the commands that they are for, and not merged. */
    private static final List<String> BLOCKS = List.of("catalog", "engine");

    private static final List<String> MERGED = List.of("errors", "exclude");

    static final List<String> NAMES = Stream.of(
                    List.of("locals", "inputs", "terraform", "remote_state", "dependency", "dependencies"),
                    List.of("feature", "generate"),
                    BLOCKS,
                    MERGED,
                    TEXTS,
                    OPTIONAL)
            .flatMap(List::stream)
            .toList();

    private final MergedFile file;
    private final Dependencies dependencies;
    private final Features features;

    FileParts(MergedFile file, Dependencies dependencies, Features features) {
        this.file = file;
        this.dependencies = dependencies;
        this.features = features;
    }

    /** The parts that the file has, apart from those that are empty text. */
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

    /** The file and what is merged into it, in order of precedence. */
    private List<FileScope> topDown() {
        return file.topDown();
    }

    /** One part; null if the file does not have it. */
    public @Nullable Value part(String name, Range at) {
        return switch (name) {
            case "locals" -> file.file().locals().whole(at);
            case "inputs" -> Value.object(file.inputs());
            case "dependency" -> dependencies.described();
            case "dependencies" -> dependencies();
            case "feature" -> features.described();
            case "terraform" -> merged(FileParts::terraform, Blocks::terraform);
            case "errors" -> merged(FileParts::errors, Blocks::errors);
            case "exclude" -> there(exclude());
            case "remote_state" -> remoteState();
            case "generate" -> generate();
            default -> BLOCKS.contains(name) ? block(name) : attribute(name);
        };
    }

    private @Nullable Value merged(Function<FileScope, Value> own, MergedFile.Over<Value> how) {
        return there(file.merged(own.apply(file.file()), one -> own.apply(one.file()), how));
    }

    private static @Nullable Value there(Value part) {
        return part instanceof Value.Null ? null : part;
    }

    private @Nullable Value attribute(String name) {
        for (FileScope one : topDown()) {
            Body.Attribute attribute = one.body().attribute(name);
            if (attribute != null) {
                return one.evaluate(attribute.value());
            }
        }
        return TEXTS.contains(name) ? Value.of("") : null;
    }

    private @Nullable Value block(String type) {
        for (FileScope one : topDown()) {
            List<Body.Block> blocks = one.body().blocks(type);
            if (!blocks.isEmpty()) {
                return Value.object(members(one, blocks.getFirst().body()));
            }
        }
        return null;
    }

    /**
     * The file's own block, if it has one, whole; otherwise the result of those that are merged. Null if there are
     * none.
     */
    public Value exclude() {
        Value own = exclude(file.file());
        Function<MergedFile, Value> part = one -> exclude(one.file());
        return own instanceof Value.Null
                ? file.merged(own, part, Blocks::exclude)
                : file.covered(own, part, Blocks::exclude);
    }

    private static Value exclude(FileScope file) {
        List<Body.Block> blocks = file.body().blocks("exclude");
        return blocks.isEmpty()
                ? Value.ofNull()
                : Blocks.complete("exclude", attributes(file, blocks.getFirst().body()));
    }

    private static Value errors(FileScope file) {
        List<Body.Block> blocks = file.body().blocks("errors");
        if (blocks.isEmpty()) {
            return Value.ofNull();
        }
        SortedMap<String, List<Value>> types = new TreeMap<>();
        for (Body.Block block : blocks.getFirst().body().blocks()) {
            SortedMap<String, Value> members = attributes(file, block.body());
            members.put("name", Value.of(String.join(" ", block.labels())));
            types.computeIfAbsent(block.type(), _ -> new ArrayList<>()).add(Blocks.complete(block.type(), members));
        }
        SortedMap<String, Value> members = new TreeMap<>();
        types.forEach((type, all) -> members.put(type, Value.tuple(all)));
        return Value.object(members);
    }

    /** Paths as they are written, in their order. */
    private @Nullable Value dependencies() {
        Value merged = merged(FileParts::paths, Blocks::paths);
        return merged == null ? null : Value.object(new TreeMap<>(java.util.Map.of("paths", merged)));
    }

    private static Value paths(FileScope file) {
        List<Body.Block> blocks = file.body().blocks("dependencies");
        Body.Attribute paths =
                blocks.isEmpty() ? null : blocks.getFirst().body().attribute("paths");
        return paths == null ? Value.ofNull() : file.evaluate(paths.value());
    }

    /** The file's own block: hooks and further arguments by type and name. */
    private static Value terraform(FileScope file) {
        List<Body.Block> blocks = file.body().blocks("terraform");
        if (blocks.isEmpty()) {
            return Value.ofNull();
        }
        Body body = blocks.getFirst().body();
        SortedMap<String, Value> members = attributes(file, body);
        members.putAll(nested(file, body));
        return Blocks.complete("terraform", members);
    }

    private @Nullable Value remoteState() {
        for (FileScope one : topDown()) {
            Body.Attribute attribute = one.body().attribute("remote_state");
            if (attribute != null) {
                Value value = one.evaluate(attribute.value());
                return value instanceof Value.Mapping(var _, SortedMap<String, Value> members)
                        ? Blocks.complete("remote_state", members)
                        : value;
            }
            if (!one.body().blocks("remote_state").isEmpty()) {
                return Blocks.complete(
                        "remote_state",
                        attributes(
                                one,
                                one.body().blocks("remote_state").getFirst().body()));
            }
        }
        return null;
    }

    private Value generate() {
        SortedMap<String, Value> members = new TreeMap<>();
        for (FileScope one : topDown().reversed()) {
            Body.Attribute attribute = one.body().attribute("generate");
            if (attribute != null
                    && one.evaluate(attribute.value()) instanceof Value.Mapping(var _, SortedMap<String, Value> all)) {
                members.putAll(all);
            }
        }
        SequencedMap<String, MergedBlocks> blocks = file.layers("generate");
        blocks.forEach((label, layers) -> {
            MergedBlocks.Layer layer = layers.blocks().getLast();
            members.put(
                    label,
                    Blocks.complete(
                            "generate", attributes(layer.file(), layer.block().body())));
        });
        return Value.object(members);
    }

    private static SortedMap<String, Value> members(FileScope in, Body body) {
        SortedMap<String, Value> members = new TreeMap<>(nested(in, body));
        members.putAll(attributes(in, body));
        return members;
    }

    private static SortedMap<String, Value> attributes(FileScope in, Body body) {
        SortedMap<String, Value> members = new TreeMap<>();
        body.attributes().values().forEach(each -> members.put(each.name(), in.evaluate(each.value())));
        return members;
    }

    /** Blocks in a block: by type, then by name. */
    private static SortedMap<String, Value> nested(FileScope in, Body body) {
        SortedMap<String, SortedMap<String, Value>> types = new TreeMap<>();
        for (Body.Block block : body.blocks()) {
            String label = String.join(" ", block.labels());
            SortedMap<String, Value> members = members(in, block.body());
            members.put("name", Value.of(label));
            types.computeIfAbsent(block.type(), _ -> new TreeMap<>())
                    .put(label, Blocks.complete(block.type(), members));
        }
        SortedMap<String, Value> nested = new TreeMap<>();
        types.forEach((type, blocks) -> nested.put(type, Value.object(blocks)));
        return nested;
    }
}
