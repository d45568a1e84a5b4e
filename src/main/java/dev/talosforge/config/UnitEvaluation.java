package dev.talosforge.config;

import dev.talosforge.config.hcl.Body;
import dev.talosforge.config.hcl.Value;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Problem.Kind;
import dev.talosforge.problem.Where;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Evaluates a unit part by part and gathers the problems of all parts. */
final class UnitEvaluation {
    private final Run run;
    private final Path directory;
    private final List<Problem> problems = new ArrayList<>();

    UnitEvaluation(Run run, Path directory) {
        this.run = run;
        this.directory = directory;
    }

    Unit evaluate() {
        Path path = directory.resolve(Workspace.FILE_NAME);
        if (!Files.isRegularFile(path)) {
            String why = Files.exists(directory.resolve("terragrunt.stack.hcl"))
                    ? "stacks (terragrunt.stack.hcl) are not supported"
                    : Files.exists(path, LinkOption.NOFOLLOW_LINKS)
                            ? "its %s is no regular file, nor a link to one".formatted(Workspace.FILE_NAME)
                            : "there is no " + Workspace.FILE_NAME;
            throw new BuildException(
                    new Problem(Kind.INVALID_INPUT, "cannot read unit " + run.shown(directory), null, why, null), null);
        }
        FileEvaluation file = new FileEvaluation(run, Context.ofUnit(path));
        problems.addAll(Syntax.check(file.body()));
        List<Path> includes = collect(file.includes()::files, List.of());
        List<FileEvaluation> merged = collect(file.includes()::merged, List.of());
        merged.forEach(included -> problems.addAll(Syntax.check(included.body())));
        collect(() -> file.locals().whole(file.body().range()), Value.ofNull());
        List<Dependency> dependencies = dependencies(file, merged);
        String source = collect(() -> String.valueOf(file.source()), "");
        SortedMap<String, Value> inputs = overridden(collect(file::inputs, new TreeMap<>()));
        List<RemoteState> state = collect(
                () -> {
                    RemoteState one = file.remoteState();
                    return one == null ? List.<RemoteState>of() : List.of(one);
                },
                List.<RemoteState>of());
        boolean skipped = collect(() -> skipped(file), false);
        if (!problems.isEmpty()) {
            throw new BuildException(problems.stream().distinct().toList(), null);
        }
        boolean hasSource = file.source() != null;
        return new Unit(
                directory,
                run.shown(directory),
                hasSource ? source : null,
                hasSource ? Unit.moduleOf(source) : null,
                new LinkedHashMap<>(inputs),
                places(file, merged),
                dependencies,
                includes,
                state.isEmpty() ? null : state.getFirst(),
                skipped,
                notes(file, merged));
    }

    private <T> T collect(Supplier<T> part, T otherwise) {
        try {
            return part.get();
        } catch (BuildException e) {
            problems.addAll(e.problems());
            return otherwise;
        }
    }

    private List<Dependency> dependencies(FileEvaluation file, List<FileEvaluation> merged) {
        List<Dependency> all = new ArrayList<>();
        for (Dependencies.Resolved one : collect(file.dependencies()::all, List.<Dependencies.Resolved>of())) {
            all.add(one.dependency());
        }
        List<FileEvaluation> files = new ArrayList<>(List.of(file));
        files.addAll(merged);
        for (FileEvaluation one : files) {
            for (Body.Block block : one.body().blocks("dependencies")) {
                for (Path folder : collect(() -> paths(one, block), List.<Path>of())) {
                    if (all.stream().noneMatch(known -> known.directory().equals(folder))) {
                        all.add(new Dependency(
                                String.valueOf(folder.getFileName()), folder, Dependency.Outputs.UNUSED));
                    }
                }
            }
        }
        return all;
    }

    private List<Path> paths(FileEvaluation file, Body.Block block) {
        Body.Attribute attribute = block.body().attribute("paths");
        if (attribute == null) {
            throw block.header().problem("cannot use these dependencies", "the block has no paths", null);
        }
        Value value = file.evaluate(attribute.value());
        if (!(value instanceof Value.Sequence(var _, List<Value> items))) {
            throw attribute
                    .value()
                    .range()
                    .problem("cannot use these paths", "a list was expected, it is " + value.kindName(), null);
        }
        List<Path> folders = new ArrayList<>();
        for (Value item : items) {
            if (!(item instanceof Value.Text(String text))) {
                throw attribute.value().range().problem("cannot use these paths", "one is " + item.kindName(), null);
            }
            Path folder = directory.resolve(text).normalize();
            if (!Files.isRegularFile(folder.resolve(Workspace.FILE_NAME))) {
                throw attribute
                        .value()
                        .range()
                        .problem(
                                "cannot use path \"" + text + "\"",
                                "there is no %s in %s".formatted(Workspace.FILE_NAME, run.shown(folder)),
                                null);
            }
            folders.add(folder);
        }
        return folders;
    }

    private SortedMap<String, Value> overridden(SortedMap<String, Value> inputs) {
        SortedMap<String, Value> changed = new TreeMap<>(Value.BY_CODE_POINT);
        changed.putAll(inputs);
        run.settings().overrides().forEach((name, value) -> changed.computeIfPresent(name, (_, _) -> value));
        return changed;
    }

    private boolean skipped(FileEvaluation file) {
        Body.Attribute skip = file.body().attribute("skip");
        if (skip != null && Value.of(true).equals(file.evaluate(skip.value()))) {
            return true;
        }
        for (Body.Block block : file.body().blocks("exclude")) {
            Body.Attribute condition = block.body().attribute("if");
            Body.Attribute actions = block.body().attribute("actions");
            if (condition != null && Value.of(true).equals(file.evaluate(condition.value()))) {
                return actions == null || covers(file.evaluate(actions.value()));
            }
        }
        return false;
    }

    private boolean covers(Value actions) {
        if (!(actions instanceof Value.Sequence(var _, List<Value> items))) {
            return true;
        }
        boolean output = run.settings().command().equals("output");
        return items.contains(Value.of("all"))
                || items.contains(Value.of(run.settings().command()))
                || (!output && items.contains(Value.of("all_except_output")));
    }

    private static SequencedMap<String, Where.Source> places(FileEvaluation file, List<FileEvaluation> merged) {
        SequencedMap<String, Where.Source> places = new LinkedHashMap<>();
        List<FileEvaluation> files = new ArrayList<>(merged);
        files.add(file);
        for (FileEvaluation one : files) {
            Body.Attribute inputs = one.body().attribute("inputs");
            if (inputs != null) {
                InputsAttribute.places(inputs.value(), places);
            }
        }
        return places;
    }

    private static List<String> notes(FileEvaluation file, List<FileEvaluation> merged) {
        List<String> notes = new ArrayList<>(Syntax.leftAlone(file.body()));
        merged.forEach(included -> notes.addAll(Syntax.leftAlone(included.body())));
        return notes;
    }
}
