package dev.talosforge.config.terragrunt.file;

import dev.talosforge.config.hcl.eval.LazyObject;
import dev.talosforge.config.hcl.syntax.Range;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.terragrunt.run.EvaluationRun;
import dev.talosforge.config.unit.Dependency;
import dev.talosforge.config.unit.MockPolicy;
import dev.talosforge.problem.NearestName;
import dev.talosforge.problem.Problem.Kind;
import dev.talosforge.problem.Remedy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** {@code dependency} in an expression: the units that a file and its includes name, with their outputs. */
public final class Dependencies implements LazyObject {
    private final EvaluationRun run;
    private final Path unit;
    private final DependencyBlocks blocks;
    private final SortedMap<String, ResolvedDependency> resolved = new TreeMap<>();

    Dependencies(MergedFile file) {
        this.run = file.file().run();
        this.unit = file.file().context().directory();
        this.blocks = new DependencyBlocks(file);
    }

    /** The folders of the units that have to be applied first; no outputs are read. Throws all problems at once. */
    public List<Path> directories() {
        List<Path> directories = new ArrayList<>();
        blocks.each(name -> {
            Path directory = blocks.directory(name);
            directories.addAll(
                    blocks.isStack(directory) ? StackOutputs.unitsBelow(run, directory) : List.of(directory));
        });
        return directories;
    }

    /** Those that are enabled, with their outputs. Throws all problems at once. */
    public List<ResolvedDependency> all() {
        List<ResolvedDependency> all = new ArrayList<>();
        blocks.each(name -> all.add(resolve(name)));
        return all;
    }

    /** Reads the outputs, once. */
    ResolvedDependency resolve(String name) {
        run.dependsOnOutputs();
        ResolvedDependency known = resolved.get(name);
        if (known == null) {
            MockPolicy mocks = run.settings().mocks();
            boolean disabled = mocks == MockPolicy.RECORDED_ONLY && blocks.isDisabled(name);
            known = mocks == MockPolicy.NOTHING_KNOWN || disabled
                    ? unknown(name)
                    : blocks.isDisabled(name) ? disabled(name) : look(name, blocks.directory(name));
            resolved.put(name, known);
        }
        return known;
    }

    private ResolvedDependency unknown(String name) {
        Path directory = blocks.isDisabled(name) ? unit : blocks.directory(name);
        return blocks.isStack(directory)
                ? new StackOutputs(run, name, blocks.block(name).header()).unknown(directory)
                : resolved(name, directory, Dependency.Outputs.MISSING, Value.unknown());
    }

    /** A dependency that has only its mocks. */
    private ResolvedDependency disabled(String name) {
        SortedMap<String, Value> mocks =
                run.settings().mocks() == MockPolicy.REAL_ONLY ? null : MockOutputs.of(blocks.block(name));
        return new ResolvedDependency(
                new Dependency(name, unit, mocks == null ? Dependency.Outputs.UNUSED : Dependency.Outputs.MOCKED),
                Value.object(mocks == null ? new TreeMap<>() : mocks),
                blocks.block(name).header(),
                false);
    }

    private ResolvedDependency look(String name, Path directory) {
        MergedBlocks block = blocks.block(name);
        SortedMap<String, Value> mocks = MockOutputs.of(block);
        if (run.settings().mocks() == MockPolicy.RECORDED_ONLY && !blocks.isStack(directory)) {
            SortedMap<String, Value> known = block.is("skip_outputs", true)
                    ? null
                    : run.settings().outputs().outputs(directory, run.stateHome(directory));
            return known == null
                    ? unknown(name)
                    : resolved(name, directory, Dependency.Outputs.RECORDED, Value.object(known));
        }
        SortedMap<String, Value> allowed =
                mocks != null && MockOutputs.areAllowed(block, run.settings()) ? mocks : null;
        if (blocks.isStack(directory) && !block.is("skip_outputs", true)) {
            return new StackOutputs(run, name, block.header()).look(directory, allowed);
        }
        if (block.is("skip_outputs", true)) {
            if (allowed != null) {
                return resolved(name, directory, Dependency.Outputs.MOCKED, Value.object(allowed));
            }
            boolean elsewhere = mocks != null && run.settings().mocks() != MockPolicy.REAL_ONLY;
            return resolved(
                    name,
                    directory,
                    elsewhere ? Dependency.Outputs.MISSING : Dependency.Outputs.UNUSED,
                    elsewhere ? Value.unknown() : Value.object(new TreeMap<>()));
        }
        SortedMap<String, Value> recorded = run.settings().outputs().outputs(directory, run.stateHome(directory));
        if (recorded == null || (recorded.isEmpty() && allowed != null)) {
            return withoutOutputs(name, directory, allowed);
        }
        SortedMap<String, Value> merged = allowed == null ? recorded : MockOutputs.merge(block, allowed, recorded);
        return resolved(
                name,
                directory,
                merged.equals(recorded) ? Dependency.Outputs.RECORDED : Dependency.Outputs.MOCKED,
                Value.object(merged));
    }

    private ResolvedDependency resolved(String name, Path directory, Dependency.Outputs kind, Value outputs) {
        return new ResolvedDependency(
                new Dependency(name, directory, kind),
                outputs,
                blocks.block(name).header(),
                true);
    }

    private ResolvedDependency withoutOutputs(String name, Path directory, @Nullable SortedMap<String, Value> mocks) {
        if (mocks != null) {
            return resolved(name, directory, Dependency.Outputs.MOCKED, Value.object(mocks));
        }
        if (run.settings().mocks() != MockPolicy.REAL_ONLY) {
            return resolved(name, directory, Dependency.Outputs.MISSING, Value.unknown());
        }
        throw blocks.block(name)
                .header()
                .failure(
                        Kind.ENVIRONMENT,
                        "dependency \"" + name + "\" has no outputs yet",
                        "nothing is recorded for " + run.shown(directory),
                        Remedy.sentence("run: ", run.applying(directory)));
    }

    boolean has(String name) {
        return blocks.names().contains(name);
    }

    @Override
    public Value member(String name, Range at) {
        if (has(name)) {
            return object(resolve(name));
        }
        throw at.problem(
                "unknown dependency \"" + name + "\"",
                blocks.names().isEmpty()
                        ? "there are no dependency blocks"
                        : "known here: " + String.join(", ", blocks.names()),
                NearestName.suggestion(name, blocks.names()));
    }

    /** {@code dependency.NAME.outputs}, whose problems say more than those of an object if an output is missing. */
    @Override
    public @Nullable LazyObject nested(String name, Range at) {
        return has(name) ? new One(this, name) : null;
    }

    /** One dependency: an object with {@code outputs}, and with the attributes of its block. */
    private record One(Dependencies owner, String name) implements LazyObject {
        @Override
        public Value member(String wanted, Range at) {
            Value setting = DependencyBlocks.SETTINGS.contains(wanted) ? owner.blocks.setting(name, wanted) : null;
            if (setting != null) {
                return setting;
            }
            throw at.problem(
                    "unknown attribute \"" + wanted + "\"",
                    "a dependency has outputs",
                    "write: dependency.%s.outputs".formatted(name));
        }

        @Override
        public @Nullable LazyObject nested(String wanted, Range at) {
            return wanted.equals("outputs") ? new OutputsObject(owner.run, owner.resolve(name)) : null;
        }

        @Override
        public Value whole(Range at) {
            return owner.member(name, at);
        }
    }

    private static Value object(ResolvedDependency dependency) {
        SortedMap<String, Value> members = new TreeMap<>();
        members.put("outputs", dependency.outputs());
        return Value.object(members);
    }

    @Override
    public Value whole(Range at) {
        SortedMap<String, Value> members = new TreeMap<>();
        for (ResolvedDependency one : all()) {
            members.put(one.dependency().name(), object(one));
        }
        return Value.object(members);
    }

    /** With everything that the blocks set, for functions that read the file. */
    Value described() {
        SortedMap<String, Value> members = new TreeMap<>();
        for (ResolvedDependency one : all()) {
            String name = one.dependency().name();
            SortedMap<String, Value> settings = new TreeMap<>();
            settings.put("name", Value.of(name));
            settings.put("outputs", one.outputs());
            for (String attribute : DependencyBlocks.SETTINGS) {
                Value value = blocks.setting(name, attribute);
                if (value != null) {
                    settings.put(attribute, value);
                }
            }
            members.put(name, Value.object(settings));
        }
        return Value.object(members);
    }

    /** {@code dependency} in an included file: the including file's dependencies are known, too, and win. */
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
