package dev.talosforge.config.terragrunt;

import dev.talosforge.config.hcl.eval.LazyObject;
import dev.talosforge.config.hcl.syntax.Expression;
import dev.talosforge.config.hcl.syntax.Range;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.unit.Dependency;
import dev.talosforge.config.unit.EvaluationSettings;
import dev.talosforge.config.unit.MockPolicy;
import dev.talosforge.config.unit.UnitFiles;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.NearestName;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Problem.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The {@code dependency} blocks of a file and of what it includes, with the outputs of the units that they name. */
final class Dependencies implements LazyObject {
    /** What a block may set. */
    static final List<String> SETTINGS = BlockSchema.of("dependency").attributes();

    /**
     * A dependency and what it looks like in an expression.
     *
     * @param header where it is declared
     * @param enabled whether it says so; one that is not enabled is no dependency
     * @param ofStack the units of the stack that it names, whose outputs are members of these by the units' names; empty
     *     where it names a unit
     */
    record Resolved(
            Dependency dependency,
            Value outputs,
            Range header,
            boolean enabled,
            SortedMap<String, Dependency> ofStack) {
        Resolved(Dependency dependency, Value outputs, Range header, boolean enabled) {
            this(dependency, outputs, header, enabled, new TreeMap<>());
        }

        /** The units that it means. */
        Collection<Dependency> units() {
            return ofStack.isEmpty() ? List.of(dependency) : ofStack.values();
        }
    }

    private final FileEvaluation file;
    private final SortedMap<String, Resolved> resolved = new TreeMap<>();

    Dependencies(FileEvaluation file) {
        this.file = file;
    }

    private SequencedMap<String, MergedBlocks> blocks() {
        return file.includes().layers("dependency");
    }

    private MergedBlocks block(String name) {
        MergedBlocks block = blocks().get(name);
        if (block == null) {
            throw new IllegalStateException("no dependency " + name);
        }
        return block;
    }

    /** The folders of the units that have to be applied before; nothing is looked up. All problems at once. */
    List<Path> directories() {
        List<Path> directories = new ArrayList<>();
        each(name -> {
            Path directory = directory(name);
            directories.addAll(
                    isStack(directory) ? StackOutputs.unitsBelow(file.run(), directory) : List.of(directory));
        });
        return directories;
    }

    /** Those that are enabled, with their outputs. All problems at once. */
    List<Resolved> all() {
        List<Resolved> all = new ArrayList<>();
        each(name -> all.add(resolve(name)));
        return all;
    }

    private void each(Consumer<String> action) {
        List<Problem> problems = new ArrayList<>();
        for (String name : List.copyOf(blocks().keySet())) {
            try {
                if (!block(name).is("enabled", false)) {
                    action.accept(name);
                }
            } catch (BuildException e) {
                problems.addAll(e.problems());
            }
        }
        if (!problems.isEmpty()) {
            throw new BuildException(problems, null);
        }
    }

    /** The folder that a block names. */
    private Path directory(String name) {
        MergedBlocks block = block(name);
        MergedBlocks.Found attribute = block.attribute("config_path");
        if (attribute == null) {
            throw block.header().problem("cannot use dependency \"" + name + "\"", "it has no config_path", null);
        }
        Value value = attribute.value();
        if (!(value instanceof Value.Text(String text))) {
            throw attribute.range().problem("cannot use this config_path", "it is " + value.kindName(), null);
        }
        Path path = TerragruntFunctions.path(file.context().directory(), text, attribute.range());
        SeenFiles seen = file.run().seen();
        Path directory = seen.isFile(path) ? FileContext.parent(path) : path;
        if (!seen.isUnit(directory) && !isStack(directory)) {
            throw attribute
                    .range()
                    .problem(
                            "cannot use dependency \"" + name + "\"",
                            "there is no %s in %s"
                                    .formatted(UnitFiles.FILE_NAME, file.run().shown(directory)),
                            null);
        }
        return directory;
    }

    private boolean isStack(Path directory) {
        SeenFiles seen = file.run().seen();
        return !seen.isUnit(directory) && seen.isStack(directory);
    }

    /** Looks the outputs up, once. */
    Resolved resolve(String name) {
        file.run().dependsOnOutputs();
        Resolved known = resolved.get(name);
        if (known == null) {
            MockPolicy mocks = file.run().settings().mocks();
            boolean disabled = mocks == MockPolicy.RECORDED_ONLY && block(name).is("enabled", false);
            known = mocks == MockPolicy.NOTHING_KNOWN || disabled
                    ? unknown(name)
                    : block(name).is("enabled", false) ? disabled(name) : look(name, directory(name));
            resolved.put(name, known);
        }
        return known;
    }

    private Resolved unknown(String name) {
        Path directory = block(name).is("enabled", false) ? file.context().directory() : directory(name);
        return isStack(directory)
                ? new StackOutputs(file.run(), name, block(name).header()).unknown(directory)
                : resolved(name, directory, Dependency.Outputs.MISSING, Value.unknown());
    }

    /** Its mocks are all that it has. */
    private Resolved disabled(String name) {
        SortedMap<String, Value> mocks =
                file.run().settings().mocks() == MockPolicy.REAL_ONLY ? null : mocks(block(name));
        return new Resolved(
                new Dependency(
                        name,
                        file.context().directory(),
                        mocks == null ? Dependency.Outputs.UNUSED : Dependency.Outputs.MOCKED),
                Value.object(mocks == null ? new TreeMap<>() : mocks),
                block(name).header(),
                false);
    }

    private Resolved look(String name, Path directory) {
        MergedBlocks block = block(name);
        SortedMap<String, Value> mocks = mocks(block);
        if (file.run().settings().mocks() == MockPolicy.RECORDED_ONLY && !isStack(directory)) {
            SortedMap<String, Value> known = block.is("skip_outputs", true)
                    ? null
                    : file.run()
                            .settings()
                            .outputs()
                            .outputs(directory, file.run().stateHome(directory));
            return known == null
                    ? unknown(name)
                    : resolved(name, directory, Dependency.Outputs.RECORDED, Value.object(known));
        }
        SortedMap<String, Value> allowed = mocks != null && mocksAllowed(block) ? mocks : null;
        if (isStack(directory) && !block.is("skip_outputs", true)) {
            return new StackOutputs(file.run(), name, block.header()).look(directory, allowed);
        }
        if (block.is("skip_outputs", true)) {
            if (allowed != null) {
                return resolved(name, directory, Dependency.Outputs.MOCKED, Value.object(allowed));
            }
            boolean elsewhere = mocks != null && file.run().settings().mocks() != MockPolicy.REAL_ONLY;
            return resolved(
                    name,
                    directory,
                    elsewhere ? Dependency.Outputs.MISSING : Dependency.Outputs.UNUSED,
                    elsewhere ? Value.unknown() : Value.object(new TreeMap<>()));
        }
        SortedMap<String, Value> recorded =
                file.run().settings().outputs().outputs(directory, file.run().stateHome(directory));
        if (recorded == null || (recorded.isEmpty() && allowed != null)) {
            return withoutOutputs(name, directory, allowed);
        }
        SortedMap<String, Value> merged = allowed == null ? recorded : merge(block, allowed, recorded);
        return resolved(
                name,
                directory,
                merged.equals(recorded) ? Dependency.Outputs.RECORDED : Dependency.Outputs.MOCKED,
                Value.object(merged));
    }

    private Resolved resolved(String name, Path directory, Dependency.Outputs kind, Value outputs) {
        return new Resolved(
                new Dependency(name, directory, kind), outputs, block(name).header(), true);
    }

    private static @Nullable SortedMap<String, Value> mocks(MergedBlocks block) {
        Value value = block.merged("mock_outputs");
        MergedBlocks.Found attribute = block.attribute("mock_outputs");
        if (value == null || attribute == null) {
            return null;
        }
        if (value instanceof Value.Mapping(var _, SortedMap<String, Value> members)) {
            return members;
        }
        throw attribute
                .range()
                .problem("cannot use these mock_outputs", "an object was expected, it is " + value.kindName(), null);
    }

    private Resolved withoutOutputs(String name, Path directory, @Nullable SortedMap<String, Value> mocks) {
        if (mocks != null) {
            return resolved(name, directory, Dependency.Outputs.MOCKED, Value.object(mocks));
        }
        if (file.run().settings().mocks() != MockPolicy.REAL_ONLY) {
            return resolved(name, directory, Dependency.Outputs.MISSING, Value.unknown());
        }
        throw block(name)
                .header()
                .problem(
                        Kind.ENVIRONMENT,
                        "dependency \"" + name + "\" has no outputs yet",
                        "nothing is recorded for " + file.run().shown(directory),
                        "run: " + file.run().applying(directory));
    }

    /** Whether an expression names dependencies itself. */
    static boolean mentionedIn(Expression expression) {
        List<Boolean> found = new ArrayList<>();
        expression.forEachChild(child -> {
            if (mentionedIn(child)) {
                found.add(true);
            }
        });
        return !found.isEmpty()
                || (expression instanceof Expression.Variable(String name, var _) && name.equals("dependency"));
    }

    /** Never for an apply, whatever the file says. */
    private boolean mocksAllowed(MergedBlocks block) {
        EvaluationSettings settings = file.run().settings();
        if (settings.mocks() == MockPolicy.REAL_ONLY) {
            return false;
        }
        Value allowed = block.merged("mock_outputs_allowed_terraform_commands");
        return allowed == null
                || settings.mocks() == MockPolicy.UNKNOWN_ALLOWED
                || settings.command().equals("render") // as in Terragrunt: nothing comes of what is only shown
                || (allowed instanceof Value.Sequence(var _, List<Value> commands)
                        && (commands.isEmpty() || commands.contains(Value.of(settings.command()))));
    }

    private static SortedMap<String, Value> merge(
            MergedBlocks block, SortedMap<String, Value> mocks, SortedMap<String, Value> recorded) {
        MergedBlocks strategies = block.lowest(); // Terragrunt does not merge these attributes.
        MergedBlocks.Found attribute = strategies.attribute("mock_outputs_merge_strategy_with_state");
        String strategy = strategies.is("mock_outputs_merge_with_state", true) ? "shallow" : "no_merge";
        if (attribute != null) {
            strategy = attribute.value() instanceof Value.Text(String text) ? text : "";
        }
        return switch (strategy) {
            case "no_merge" -> recorded;
            case "shallow" -> Merge.inputs(mocks, recorded, false);
            case "deep_map_only" ->
                Merge.deep("it", Value.object(mocks), Value.object(recorded), false)
                                instanceof Value.Mapping(var _, var merged)
                        ? merged
                        : recorded;
            default ->
                throw (attribute == null ? block.header() : attribute.range())
                        .problem(
                                "cannot merge like this",
                                "the strategy is one of no_merge, shallow, deep_map_only",
                                null);
        };
    }

    boolean has(String name) {
        return blocks().containsKey(name);
    }

    EvaluationRun run() {
        return file.run();
    }

    /** What a block sets, or null. */
    @Nullable
    Value setting(String name, String attribute) {
        MergedBlocks block = block(name);
        MergedBlocks.Found found = block.attribute(attribute);
        return found == null ? null : attribute.startsWith("mock_outputs") ? block.merged(attribute) : found.value();
    }

    @Override
    public Value member(String name, Range at) {
        if (has(name)) {
            return object(resolve(name));
        }
        SequencedMap<String, MergedBlocks> blocks = blocks();
        throw at.problem(
                "unknown dependency \"" + name + "\"",
                blocks.isEmpty()
                        ? "there are no dependency blocks"
                        : "known here: " + String.join(", ", blocks.keySet()),
                NearestName.suggestion(name, blocks.keySet()));
    }

    /** {@code dependency.NAME.outputs}, which says more than an object can when an output is missing. */
    @Override
    public @Nullable LazyObject nested(String name, Range at) {
        return has(name) ? new OutputsObject(this, name) : null;
    }

    private static Value object(Resolved dependency) {
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

    /** With all that the blocks set, for those who read the file. */
    Value described() {
        SortedMap<String, Value> members = new TreeMap<>();
        for (Resolved one : all()) {
            String name = one.dependency().name();
            SortedMap<String, Value> settings = new TreeMap<>();
            settings.put("name", Value.of(name));
            settings.put("outputs", one.outputs());
            for (String attribute : SETTINGS) {
                Value value = setting(name, attribute);
                if (value != null) {
                    settings.put(attribute, value);
                }
            }
            members.put(name, Value.object(settings));
        }
        return Value.object(members);
    }

    /** {@code dependency} in an included file: what the including file knows, too, and wins. */
    record OfIncluded(Dependencies includer, Dependencies own) implements LazyObject {
        @Override
        public Value member(String name, Range at) {
            return (includer.has(name) ? includer : own).member(name, at);
        }

        @Override
        public @Nullable LazyObject nested(String name, Range at) {
            return (includer.has(name) ? includer : own).nested(name, at);
        }

        @Override
        public Value whole(Range at) {
            return includer.whole(at);
        }
    }
}
