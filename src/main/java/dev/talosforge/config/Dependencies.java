package dev.talosforge.config;

import dev.talosforge.config.hcl.Body;
import dev.talosforge.config.hcl.LazyObject;
import dev.talosforge.config.hcl.NearestName;
import dev.talosforge.config.hcl.Range;
import dev.talosforge.config.hcl.Value;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Problem.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The {@code dependency} blocks of a file, with the outputs of the units that they name. */
final class Dependencies implements LazyObject {
    private static final List<String> ATTRIBUTES = List.of(
            "config_path",
            "enabled",
            "skip_outputs",
            "mock_outputs",
            "mock_outputs_allowed_terraform_commands",
            "mock_outputs_merge_with_state",
            "mock_outputs_merge_strategy_with_state");

    /** A dependency and what it looks like in an expression. */
    record Resolved(Dependency dependency, Value outputs) {}

    private final FileEvaluation file;
    private final SequencedMap<String, Body.Block> blocks = new LinkedHashMap<>();
    private final SortedMap<String, Resolved> resolved = new TreeMap<>();

    Dependencies(FileEvaluation file, Body body) {
        this.file = file;
        for (Body.Block block : body.blocks("dependency")) {
            if (block.labels().size() != 1) {
                throw block.header().problem("cannot use this dependency", "it needs one label, its name", null);
            }
            Syntax.check(block, ATTRIBUTES).stream().findFirst().ifPresent(problem -> {
                throw new BuildException(problem, null);
            });
            if (blocks.putIfAbsent(block.labels().getFirst(), block) != null) {
                throw block.header().problem("cannot use this dependency", "another has the same name", null);
            }
        }
    }

    /** Names of the blocks that stand in this file. */
    List<String> names() {
        return List.copyOf(blocks.keySet());
    }

    boolean enabled(String name) {
        Body.Attribute enabled = block(name).body().attribute("enabled");
        return enabled == null || !Value.of(false).equals(file.evaluate(enabled.value()));
    }

    private Body.Block block(String name) {
        Body.Block block = blocks.get(name);
        if (block == null) {
            throw new IllegalStateException("no dependency " + name);
        }
        return block;
    }

    /** The folder that a block names. */
    Path directory(String name) {
        Body.Block block = block(name);
        Body.Attribute attribute = block.body().attribute("config_path");
        if (attribute == null) {
            throw block.header().problem("cannot use dependency \"" + name + "\"", "it has no config_path", null);
        }
        Value value = file.evaluate(attribute.value());
        if (!(value instanceof Value.Text(String text))) {
            throw attribute.value().range().problem("cannot use this config_path", "it is " + value.kindName(), null);
        }
        Path path = file.context().directory().resolve(text).normalize();
        Path directory = Files.isRegularFile(path) ? Context.parent(path) : path;
        if (!Files.isRegularFile(directory.resolve(Workspace.FILE_NAME))) {
            throw attribute
                    .value()
                    .range()
                    .problem(
                            "cannot use dependency \"" + name + "\"",
                            "there is no %s in %s"
                                    .formatted(Workspace.FILE_NAME, file.run().shown(directory)),
                            null);
        }
        return directory;
    }

    /** Looks the outputs up, once. */
    Resolved resolve(String name) {
        Resolved known = resolved.get(name);
        if (known == null) {
            known = look(name, directory(name));
            resolved.put(name, known);
        }
        return known;
    }

    private Resolved look(String name, Path directory) {
        Body body = block(name).body();
        SortedMap<String, Value> mocks = mocks(body);
        if (flag(body, "skip_outputs")) {
            SortedMap<String, Value> used =
                    mocks == null || file.run().settings().mocks() == MockPolicy.REAL_ONLY ? null : mocks;
            return new Resolved(
                    new Dependency(
                            name, directory, used == null ? Dependency.Outputs.UNUSED : Dependency.Outputs.MOCKED),
                    Value.object(used == null ? new TreeMap<>() : used));
        }
        SortedMap<String, Value> recorded =
                file.run().settings().outputs().outputs(directory, Workspace.remoteState(file.run(), directory));
        if (recorded == null) {
            return withoutOutputs(name, directory, mocks);
        }
        SortedMap<String, Value> merged =
                mocks == null || !mocksAllowed(body) ? recorded : merge(body, mocks, recorded);
        boolean mocked = !merged.equals(recorded);
        return new Resolved(
                new Dependency(name, directory, mocked ? Dependency.Outputs.MOCKED : Dependency.Outputs.RECORDED),
                Value.object(merged));
    }

    private @Nullable SortedMap<String, Value> mocks(Body body) {
        Body.Attribute attribute = body.attribute("mock_outputs");
        if (attribute == null) {
            return null;
        }
        Value value = file.evaluate(attribute.value());
        if (value instanceof Value.Mapping(var _, SortedMap<String, Value> members)) {
            return members;
        }
        throw attribute
                .value()
                .range()
                .problem("cannot use these mock_outputs", "an object was expected, it is " + value.kindName(), null);
    }

    private boolean flag(Body body, String name) {
        Body.Attribute attribute = body.attribute(name);
        return attribute != null && Value.of(true).equals(file.evaluate(attribute.value()));
    }

    private Resolved withoutOutputs(String name, Path directory, @Nullable SortedMap<String, Value> mocks) {
        Body.Block block = block(name);
        if (mocks != null && mocksAllowed(block.body())) {
            return new Resolved(new Dependency(name, directory, Dependency.Outputs.MOCKED), Value.object(mocks));
        }
        if (file.run().settings().mocks() == MockPolicy.UNKNOWN_ALLOWED) {
            return new Resolved(new Dependency(name, directory, Dependency.Outputs.MISSING), Value.unknown());
        }
        throw block.header()
                .problem(
                        Kind.ENVIRONMENT,
                        "dependency \"" + name + "\" has no outputs yet",
                        "nothing is recorded for " + file.run().shown(directory),
                        "run: talos-forge -C " + Run.slashed(directory) + " apply");
    }

    /** Never for an apply, whatever the file says. */
    private boolean mocksAllowed(Body body) {
        Settings settings = file.run().settings();
        if (settings.mocks() == MockPolicy.REAL_ONLY) {
            return false;
        }
        Body.Attribute attribute = body.attribute("mock_outputs_allowed_terraform_commands");
        if (attribute == null || settings.mocks() == MockPolicy.UNKNOWN_ALLOWED) {
            return true;
        }
        return file.evaluate(attribute.value()) instanceof Value.Sequence(var _, List<Value> commands)
                && commands.contains(Value.of(settings.command()));
    }

    private SortedMap<String, Value> merge(
            Body body, SortedMap<String, Value> mocks, SortedMap<String, Value> recorded) {
        Body.Attribute attribute = body.attribute("mock_outputs_merge_strategy_with_state");
        String strategy = flag(body, "mock_outputs_merge_with_state") ? "shallow" : "no_merge";
        if (attribute != null) {
            strategy = file.evaluate(attribute.value()) instanceof Value.Text(String text) ? text : "";
        }
        return switch (strategy) {
            case "no_merge" -> recorded;
            case "shallow" -> Merge.inputs(mocks, recorded, false);
            case "deep_map_only" ->
                Merge.deep(Value.object(mocks), Value.object(recorded), false)
                                instanceof Value.Mapping(var _, var merged)
                        ? merged
                        : recorded;
            default ->
                throw (attribute == null
                                ? block(names().getFirst()).header()
                                : attribute.value().range())
                        .problem(
                                "cannot merge like this",
                                "the strategy is one of no_merge, shallow, deep_map_only",
                                null);
        };
    }

    /** Those of this file and of what it includes, by name; a file's own come first. All problems at once. */
    List<Resolved> all() {
        List<Resolved> all = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        for (String name : names()) {
            try {
                if (enabled(name)) {
                    all.add(resolve(name));
                }
            } catch (BuildException e) {
                problems.addAll(e.problems());
            }
        }
        for (FileEvaluation included : file.includes().merged()) {
            try {
                included.dependencies().all().stream()
                        .filter(other -> !blocks.containsKey(other.dependency().name()))
                        .forEach(all::add);
            } catch (BuildException e) {
                problems.addAll(e.problems());
            }
        }
        if (!problems.isEmpty()) {
            throw new BuildException(problems, null);
        }
        return all;
    }

    @Override
    public Value member(String name, Range at) {
        if (blocks.containsKey(name)) {
            return object(resolve(name));
        }
        for (FileEvaluation included : file.includes().merged()) {
            if (included.dependencies().names().contains(name)) {
                return included.dependencies().member(name, at);
            }
        }
        throw at.problem(
                "unknown dependency \"" + name + "\"",
                blocks.isEmpty() ? "there are no dependency blocks" : "known here: " + String.join(", ", names()),
                NearestName.suggestion(name, names()));
    }

    /** {@code dependency.NAME.outputs}, which says more than an object can when an output is missing. */
    @Override
    public @Nullable LazyObject nested(String name, Range at) {
        if (blocks.containsKey(name)) {
            return new OutputsObject(file.run(), resolve(name));
        }
        for (FileEvaluation included : file.includes().merged()) {
            if (included.dependencies().names().contains(name)) {
                return included.dependencies().nested(name, at);
            }
        }
        return null;
    }

    static Value object(Resolved dependency) {
        SortedMap<String, Value> members = new TreeMap<>();
        members.put("outputs", dependency.outputs());
        return Value.object(members);
    }

    @Override
    public Value whole(Range at) {
        SortedMap<String, Value> members = new TreeMap<>();
        for (Resolved one : all()) {
            members.put(one.dependency().name(), object(one));
        }
        return Value.object(members);
    }
}
