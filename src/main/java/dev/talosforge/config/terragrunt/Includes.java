package dev.talosforge.config.terragrunt;

import dev.talosforge.config.hcl.eval.Arguments;
import dev.talosforge.config.hcl.eval.LazyObject;
import dev.talosforge.config.hcl.syntax.Body;
import dev.talosforge.config.hcl.syntax.Range;
import dev.talosforge.config.hcl.value.FunctionFailure;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.unit.RemoteState;
import dev.talosforge.problem.NearestName;
import dev.talosforge.problem.Problem.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The {@code include} blocks of a file. What they include is merged into the file; exposed ones can be asked. */
public final class Includes implements LazyObject {
    /** How an included file's settings meet those of the file. */
    private enum Strategy {
        NO_MERGE,
        SHALLOW,
        DEEP
    }

    /** How what is merged into something meets that. */
    interface Over<T> {
        /** What comes of both; the upper one wins where only one of them can. */
        T over(T lower, T upper, boolean deep);
    }

    private final FileEvaluation file;
    /** All of them are merged, also where two have one name. */
    private final List<Body.Block> all = new ArrayList<>();
    /** By name; of one name the last one. */
    private final SequencedMap<String, Body.Block> blocks = new LinkedHashMap<>();

    private final IdentityHashMap<Body.Block, FileEvaluation> evaluations = new IdentityHashMap<>();
    private final SortedMap<String, SequencedMap<String, MergedBlocks>> layers = new TreeMap<>();
    private @Nullable FileEvaluation over;
    private boolean overRead;

    Includes(FileEvaluation file, Body body) {
        this.file = file;
        for (Body.Block block : body.blocks("include")) {
            String name = name(block);
            all.add(block);
            if (blocks.put(name, block) != null && name.isEmpty()) {
                throw block.header()
                        .problem("cannot include twice", "another include has no name either", "give each a name");
            }
            if (file.context().includedFrom() != null) {
                throw block.header()
                        .problem(
                                "cannot include from here", "this file is included itself; one level is allowed", null);
            }
        }
    }

    private static String name(Body.Block block) {
        return block.labels().isEmpty() ? "" : block.labels().getFirst();
    }

    /** The files, in the order of the blocks. */
    public List<Path> files() {
        return all.stream().map(this::file).toList();
    }

    /** The file that a call with the name of an include, or without one, means; null when there is none. */
    @Nullable
    Path file(Arguments arguments) {
        if (blocks.size() < 2) {
            return blocks.isEmpty() ? null : file(blocks.firstEntry().getValue());
        }
        if (arguments.size() == 0) {
            throw new FunctionFailure(
                    Kind.INVALID_INPUT,
                    -1,
                    "there are several includes: " + String.join(", ", blocks.keySet()),
                    "name one of them as an argument");
        }
        String name = arguments.text(0);
        Body.Block block = blocks.get(name);
        if (block == null) {
            throw new FunctionFailure(
                    Kind.INVALID_INPUT,
                    0,
                    "there is no include \"%s\", only %s".formatted(name, String.join(", ", blocks.keySet())),
                    NearestName.suggestion(name, blocks.keySet()));
        }
        return file(block);
    }

    private Path file(Body.Block block) {
        Body.Attribute attribute = block.body().attribute("path");
        if (attribute == null) {
            throw block.header().problem("cannot include", "the block has no path", null);
        }
        Value value = file.evaluateFirst(attribute.value());
        if (!(value instanceof Value.Text(String text))) {
            throw attribute
                    .value()
                    .range()
                    .problem("cannot include this", "a path was expected, it is " + value.kindName(), null);
        }
        Path path = TerragruntFunctions.path(
                file.context().directory(), text, attribute.value().range());
        if (!file.run().seen().isFile(path)) {
            throw attribute
                    .value()
                    .range()
                    .problem(
                            "cannot include this",
                            "there is no file " + file.run().shown(path),
                            null);
        }
        return path;
    }

    private Body.Block block(String name) {
        Body.Block block = blocks.get(name);
        if (block == null) {
            throw new IllegalStateException("no include " + name);
        }
        return block;
    }

    private FileEvaluation evaluation(Body.Block block) {
        FileEvaluation known = evaluations.get(block);
        if (known == null) {
            Path path = file(block);
            known = file.run()
                    .within(
                            path,
                            block.header(),
                            () -> new FileEvaluation(file.run(), file.context().including(path), file));
            evaluations.put(block, known);
        }
        return known;
    }

    private Strategy strategy(Body.Block block) {
        Body.Attribute attribute = block.body().attribute("merge_strategy");
        if (attribute == null) {
            return Strategy.SHALLOW;
        }
        Value value = file.evaluateFirst(attribute.value());
        return switch (value instanceof Value.Text(String text) ? text : "") {
            case "no_merge" -> Strategy.NO_MERGE;
            case "shallow" -> Strategy.SHALLOW;
            case "deep" -> Strategy.DEEP;
            default ->
                throw attribute
                        .value()
                        .range()
                        .problem("cannot merge like this", "merge_strategy is one of no_merge, shallow, deep", null);
        };
    }

    /** What is merged, in the order of the blocks. */
    List<FileEvaluation> merged() {
        List<FileEvaluation> merged = new ArrayList<>();
        for (Body.Block block : all) {
            if (strategy(block) != Strategy.NO_MERGE) {
                merged.add(evaluation(block));
            }
        }
        return merged;
    }

    /**
     * What a stack puts over the file, as a unit's {@code terragrunt.autoinclude.hcl} or before that is written; null
     * where it does not.
     */
    @Nullable
    FileEvaluation over() {
        if (!overRead) {
            overRead = true;
            over = readOver();
        }
        return over;
    }

    private @Nullable FileEvaluation readOver() {
        FileContext context = file.context();
        Path written = context.directory().resolve(Component.Kind.UNIT.autoInclude());
        if (context.includedFrom() != null || context.file().equals(written)) {
            return null;
        }
        FileContext beside = new FileContext(written, context.directory(), context.original(), null);
        Component component = file.run().seen().component(context.directory());
        if (component != null
                && component.kind() == Component.Kind.UNIT
                && component.source() != null
                && component.added() != null) {
            return FileEvaluation.over(file.run(), beside, file, component.added());
        }
        return file.run().seen().isFile(written) ? new FileEvaluation(file.run(), beside, file) : null;
    }

    /** All files whose settings meet in this one, the one that wins first. */
    List<FileEvaluation> topDown() {
        FileEvaluation above = over();
        List<FileEvaluation> files = new ArrayList<>();
        if (above != null) {
            files.addAll(above.includes().topDown());
        }
        files.add(file);
        files.addAll(merged().reversed());
        return files;
    }

    /**
     * A part of the file over the same part of the included files, and below what a stack puts over it. An include that
     * comes later wins over one before; how it meets what comes behind it is its own strategy.
     */
    <T> T merged(T own, Function<FileEvaluation, T> part, Over<T> over) {
        return covered(included(own, part, over), part, over);
    }

    /** Below what a stack puts over the file. */
    <T> T covered(T merged, Function<FileEvaluation, T> part, Over<T> over) {
        FileEvaluation above = over();
        return above == null ? merged : over.over(merged, part.apply(above), false);
    }

    private <T> T included(T own, Function<FileEvaluation, T> part, Over<T> over) {
        T merged = own;
        for (Body.Block block : all.reversed()) {
            Strategy strategy = strategy(block);
            if (strategy != Strategy.NO_MERGE) {
                try {
                    merged = over.over(part.apply(evaluation(block)), merged, strategy == Strategy.DEEP);
                } catch (Merge.Mismatch e) {
                    throw e.problem(block.header(), "cannot merge " + file.run().shown(file(block)) + " deeply");
                }
            }
        }
        return merged;
    }

    /** The inputs over those of the included files. */
    SortedMap<String, Value> mergedInputs(SortedMap<String, Value> own) {
        return merged(own, FileEvaluation::inputs, Merge::inputs);
    }

    /** Blocks of one type by label, the file's own and those that are merged into it; its own come first. */
    SequencedMap<String, MergedBlocks> layers(String type) {
        SequencedMap<String, MergedBlocks> known = layers.get(type);
        if (known == null) {
            SequencedMap<String, MergedBlocks> own = new LinkedHashMap<>();
            BlockRules.byLabel(file.body(), type)
                    .forEach((label, block) -> own.put(label, MergedBlocks.of(file, block)));
            known = merged(own, one -> one.includes().layers(type), (lower, upper, deep) -> {
                SequencedMap<String, MergedBlocks> both = new LinkedHashMap<>(upper);
                lower.forEach((label, block) ->
                        both.merge(label, block, (above, below) -> deep ? above.above(below) : above));
                return both;
            });
            layers.put(type, known);
        }
        return known;
    }

    /** Files to be written that have one name in the file and in what is merged into it: not even the later one wins. */
    void checkGenerated() {
        included(generated(file), Includes::generated, (lower, upper, deep) -> {
            for (var block : upper.entrySet()) {
                if (!deep && lower.containsKey(block.getKey())) {
                    throw block.getValue()
                            .header()
                            .problem(
                                    "cannot use generate \"" + block.getKey() + "\"",
                                    "an included file has one of the same name",
                                    "give it another name, or write into the include block: merge_strategy = \"deep\"");
                }
            }
            SequencedMap<String, Body.Block> both = new LinkedHashMap<>(lower);
            both.putAll(upper);
            return both;
        });
    }

    private static SequencedMap<String, Body.Block> generated(FileEvaluation file) {
        return BlockRules.byLabel(file.body(), "generate");
    }

    @Nullable
    String source() {
        return merged().reversed().stream()
                .map(FileEvaluation::source)
                .filter(java.util.Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    @Nullable
    RemoteState remoteState() {
        return merged().reversed().stream()
                .map(FileEvaluation::remoteState)
                .filter(java.util.Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private boolean exposes(String name) {
        Body.Attribute expose = block(name).body().attribute("expose");
        return expose != null && Value.of(true).equals(file.evaluateFirst(expose.value()));
    }

    private FileEvaluation exposed(String name, Range at) {
        if (!blocks.containsKey(name)) {
            throw at.problem(
                    "unknown include \"" + name + "\"",
                    blocks.isEmpty()
                            ? "there are no include blocks"
                            : "known here: " + String.join(", ", blocks.keySet()),
                    NearestName.suggestion(name, blocks.keySet()));
        }
        if (!exposes(name)) {
            throw at.problem(
                    "cannot use include \"" + name + "\" in an expression",
                    "it is not exposed",
                    "write into the include block: expose = true");
        }
        return evaluation(block(name));
    }

    /** An include without a name that is the only one stands for itself. */
    private boolean unnamed() {
        return blocks.size() == 1 && blocks.containsKey("");
    }

    @Override
    public Value member(String name, Range at) {
        return unnamed() ? exposed("", at).member(name, at) : exposed(name, at).whole(at);
    }

    @Override
    public LazyObject nested(String name, Range at) {
        if (unnamed()) {
            FileEvaluation only = exposed("", at);
            LazyObject nested = only.nested(name, at);
            return nested != null ? nested : new Part(only, name);
        }
        return exposed(name, at);
    }

    /** A part of an included file that is evaluated as a whole. */
    private record Part(FileEvaluation owner, String name) implements LazyObject {
        @Override
        public Value member(String wanted, Range at) {
            if (whole(at) instanceof Value.Mapping(var _, SortedMap<String, Value> members)) {
                Value member = members.get(wanted);
                if (member != null) {
                    return member;
                }
                throw at.problem(
                        "unknown attribute \"" + wanted + "\"",
                        "known here: " + String.join(", ", members.keySet()),
                        NearestName.suggestion(wanted, members.keySet()));
            }
            throw at.problem("unknown attribute \"" + wanted + "\"", "the file has no " + name, null);
        }

        @Override
        public Value whole(Range at) {
            return owner.member(name, at);
        }
    }

    @Override
    public Value whole(Range at) {
        if (unnamed()) {
            return exposed("", at).whole(at);
        }
        SortedMap<String, Value> members = new TreeMap<>();
        for (String name : blocks.keySet()) {
            if (exposes(name)) {
                members.put(name, member(name, at));
            }
        }
        return Value.object(members);
    }
}
