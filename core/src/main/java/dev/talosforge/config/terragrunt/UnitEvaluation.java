package dev.talosforge.config.terragrunt;

import dev.talosforge.config.hcl.syntax.Body;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.terragrunt.block.BlockRules;
import dev.talosforge.config.terragrunt.file.FileEvaluation;
import dev.talosforge.config.terragrunt.file.FileScope;
import dev.talosforge.config.terragrunt.file.InputsAttribute;
import dev.talosforge.config.terragrunt.file.ResolvedDependency;
import dev.talosforge.config.terragrunt.run.Component;
import dev.talosforge.config.terragrunt.run.EvaluationRun;
import dev.talosforge.config.terragrunt.run.FileContext;
import dev.talosforge.config.unit.Dependency;
import dev.talosforge.config.unit.DiscoveredUnit;
import dev.talosforge.config.unit.Hooks;
import dev.talosforge.config.unit.Inputs;
import dev.talosforge.config.unit.RemoteState;
import dev.talosforge.config.unit.Unit;
import dev.talosforge.config.unit.UnitFiles;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Problem.Kind;
import dev.talosforge.problem.Remedy;
import dev.talosforge.problem.Verb;
import dev.talosforge.problem.Where;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Evaluates a unit part by part and collects the problems of all parts. */
public final class UnitEvaluation {
    private final EvaluationRun run;
    private final Path directory;
    private final List<Problem> problems = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    public UnitEvaluation(EvaluationRun run, Path directory) {
        this.run = run;
        this.directory = directory;
    }

    public Unit evaluate() {
        FileEvaluation file = file();
        problems.addAll(BlockRules.check(file.file().body()));
        List<Path> includes = collect(file::includedFiles, List.of());
        List<FileScope> merged = collect(() -> others(file), List.of());
        merged.forEach(included -> problems.addAll(BlockRules.check(included.body())));
        collect(() -> file.file().locals().whole(file.file().body().range()), Value.ofNull());
        collect(
                () -> {
                    file.merged().checkGenerated();
                    return true;
                },
                false);
        List<Dependency> dependencies = dependencies(file, merged);
        Optional<String> source = collect(() -> Optional.ofNullable(file.source()), Optional.empty());
        SortedMap<String, Value> inputs = collect(file.merged()::inputs, new TreeMap<>());
        Optional<RemoteState> state = collect(() -> Optional.ofNullable(file.remoteState()), Optional.empty());
        boolean skipped = collect(() -> Exclusion.of(file.file(), file.parts()), Exclusion.NONE)
                .excluded();
        String module = source.map(Unit::moduleOf).orElse(null);
        unsupported(run.settings().owns(module) && !inputs.values().stream().allMatch(Inputs::isKnown));
        HookReader reader = new HookReader(file.merged(), file.parts());
        Hooks hooks = run.settings().owns(module) ? collect(reader::read, Hooks.none()) : Hooks.none();
        if (!problems.isEmpty()) {
            throw new BuildException(problems.stream().distinct().toList(), null);
        }
        Component component = run.seen().component(directory);
        notes.addAll(component == null ? List.of() : component.notes());
        notes.addAll(BlockRules.leftAlone(file.file().body(), reader.handled()));
        merged.forEach(included -> notes.addAll(BlockRules.leftAlone(included.body(), reader.handled())));
        notes.addAll(Leniencies.of(file.file()));
        merged.forEach(included -> notes.addAll(Leniencies.of(included)));
        return new Unit(
                directory,
                run.seen().onDisk(directory),
                run.shown(directory),
                source.orElse(null),
                module,
                new LinkedHashMap<>(inputs),
                places(file),
                dependencies.stream()
                        .map(dependency -> dependency.using(run.used(dependency.directory())))
                        .toList(),
                includes,
                state.orElse(null),
                skipped,
                hooks,
                notes,
                false);
    }

    /** What is needed before a run: everything except outputs and inputs. */
    public DiscoveredUnit outline() {
        String name = run.shown(directory);
        try {
            FileEvaluation file = file();
            problems.addAll(BlockRules.check(file.file().body()));
            List<FileScope> merged = collect(() -> others(file), List.of());
            merged.forEach(included -> problems.addAll(BlockRules.check(included.body())));
            LinkedHashSet<Path> dependencies =
                    new LinkedHashSet<>(collect(file.dependencies()::directories, List.<Path>of()));
            dependencies.addAll(paths(file, merged));
            Optional<String> source = collect(() -> Optional.ofNullable(file.source()), Optional.empty());
            Exclusion exclusion = collect(() -> Exclusion.of(file.file(), file.parts()), Exclusion.NONE);
            String module = source.map(Unit::moduleOf).orElse(null);
            if (problems.isEmpty()) {
                return new DiscoveredUnit.Outline(
                        directory,
                        name,
                        source.orElse(null),
                        module,
                        List.copyOf(dependencies),
                        exclusion.excluded(),
                        exclusion.alone(),
                        exclusion.dependenciesToo());
            }
        } catch (BuildException e) {
            problems.addAll(e.problems());
        }
        return new DiscoveredUnit.Broken(
                directory, name, problems.stream().distinct().toList());
    }

    /** The files whose settings are merged in it, without the file itself; later ones win. */
    private static List<FileScope> others(FileEvaluation file) {
        return file.merged().topDown().reversed().stream()
                .filter(one -> one != file.file())
                .toList();
    }

    private FileEvaluation file() {
        Path path = run.seen().unitFile(directory);
        if (!run.seen().isFile(path)) {
            List<Problem> ofStacks = run.seen().problems(directory);
            if (!ofStacks.isEmpty()) {
                throw new BuildException(ofStacks, null);
            }
            boolean stack = run.seen().isStack(directory);
            String why = stack
                    ? "it is a stack, not a unit"
                    : Files.exists(path, LinkOption.NOFOLLOW_LINKS)
                            ? "its %s is neither a regular file nor a link to one".formatted(UnitFiles.FILE_NAME)
                            : "there is no " + UnitFiles.FILE_NAME;
            throw new BuildException(Problem.failed(Kind.INVALID_INPUT, "cannot read unit " + run.shown(directory))
                    .because(why)
                    .trying(
                            stack
                                    ? Remedy.sentence(
                                                    "name one of the units that it generates: ",
                                                    Remedy.command(Verb.GRAPH))
                                            .then(" shows them")
                                    : null));
        }
        return new FileEvaluation(run, FileContext.ofUnit(path));
    }

    /** An unknown value here does no harm in a unit that another tool runs, or if no input needs it. */
    private void unsupported(boolean needed) {
        for (Problem problem : run.unsupported()) {
            if (needed) {
                problems.add(problem);
            } else {
                notes.add("%s%s: %s; the value is not known"
                        .formatted(
                                problem.where() instanceof Where.Source source
                                        ? "%s:%d:%d: ".formatted(source.file(), source.line(), source.column())
                                        : "",
                                problem.what(),
                                problem.why()));
            }
        }
    }

    private <T> T collect(Supplier<T> part, T otherwise) {
        try {
            return part.get();
        } catch (BuildException e) {
            problems.addAll(e.problems());
            return otherwise;
        }
    }

    private List<Dependency> dependencies(FileEvaluation file, List<FileScope> merged) {
        List<Dependency> all = new ArrayList<>();
        for (ResolvedDependency one : collect(file.dependencies()::all, List.<ResolvedDependency>of())) {
            for (Dependency dependency : one.units()) {
                all.add(dependency);
                if (dependency.outputs() == Dependency.Outputs.MISSING) {
                    notes.add(
                            "%s: dependency \"%s\" has no outputs yet, so values that use them are not known; to create them, run: %s"
                                    .formatted(one.header(), dependency.name(), run.applying(dependency.directory())));
                }
            }
        }
        for (Path folder : paths(file, merged)) {
            if (all.stream().noneMatch(known -> known.directory().equals(folder))) {
                all.add(new Dependency(String.valueOf(folder.getFileName()), folder, Dependency.Outputs.UNUSED));
            }
        }
        return all;
    }

    private List<Path> paths(FileEvaluation file, List<FileScope> merged) {
        List<Path> folders = new ArrayList<>(collect(() -> DependencyPaths.of(file.file()), List.<Path>of()));
        for (FileScope one : merged) {
            folders.addAll(collect(() -> DependencyPaths.of(one), List.<Path>of()));
        }
        return folders;
    }

    private static SequencedMap<String, Where.Source> places(FileEvaluation file) {
        SequencedMap<String, Where.Source> places = new LinkedHashMap<>();
        for (FileScope one : file.merged().topDown().reversed()) {
            Body.Attribute inputs = one.body().attribute("inputs");
            if (inputs != null) {
                Map<String, Body.Attribute> locals = new LinkedHashMap<>();
                one.body()
                        .blocks("locals")
                        .forEach(block -> locals.putAll(block.body().attributes()));
                InputsAttribute.places(inputs.value(), locals, places);
            }
        }
        return places;
    }
}
