package dev.talosforge.config.terragrunt.file;

import dev.talosforge.config.hcl.eval.LazyObject;
import dev.talosforge.config.hcl.syntax.Body;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.terragrunt.block.BlockRules;
import dev.talosforge.config.terragrunt.block.Merge;
import dev.talosforge.config.terragrunt.file.IncludeBlocks.Strategy;
import dev.talosforge.config.terragrunt.run.Component;
import dev.talosforge.config.terragrunt.run.FileContext;
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

/** A file together with the files that are merged into it: those that it includes, and what a stack adds to it. */
public final class MergedFile {
    /** Opens a file that this one includes, or that is merged into it. */
    interface Opening {
        /**
         * Opens the file.
         *
         * @param added the text, if it comes from a stack instead of the file
         */
        MergedFile open(FileContext context, Component.@Nullable AutoInclude added);
    }

    /** How values are merged. */
    interface Over<T> {
        /** The result of both; the upper one wins if only one of them can. */
        T over(T lower, T upper, boolean deep);
    }

    private final FileScope file;
    private final IncludeBlocks includes;
    private final LazyObject shown;
    private final Opening opening;
    private final IdentityHashMap<Body.Block, MergedFile> included = new IdentityHashMap<>();
    private final SortedMap<String, SequencedMap<String, MergedBlocks>> layers = new TreeMap<>();
    private @Nullable MergedFile over;
    private boolean overRead;
    private @Nullable SortedMap<String, Value> inputs;

    /**
     * A file; its includes are opened when they are needed.
     *
     * @param shown the file as a file sees it that includes and exposes it
     */
    MergedFile(FileScope file, LazyObject shown, Opening opening) {
        this.file = file;
        this.includes = new IncludeBlocks(file);
        this.shown = shown;
        this.opening = opening;
    }

    /** The file by itself. */
    public FileScope file() {
        return file;
    }

    IncludeBlocks includes() {
        return includes;
    }

    LazyObject shown() {
        return shown;
    }

    MergedFile included(Body.Block block) {
        MergedFile known = included.get(block);
        if (known == null) {
            Path path = includes.file(block);
            known = file.run()
                    .within(
                            path,
                            block.header(),
                            () -> opening.open(file.context().including(path), null));
            included.put(block, known);
        }
        return known;
    }

    /** What is merged into it, in the order of the blocks. */
    List<MergedFile> merged() {
        List<MergedFile> merged = new ArrayList<>();
        for (Body.Block block : includes.all()) {
            if (includes.strategy(block) != Strategy.NO_MERGE) {
                merged.add(included(block));
            }
        }
        return merged;
    }

    /**
     * What a stack adds to the file, as a unit's {@code terragrunt.autoinclude.hcl} or before that is written; null if
     * it adds nothing.
     */
    @Nullable
    MergedFile over() {
        if (!overRead) {
            overRead = true;
            over = readOver();
        }
        return over;
    }

    private @Nullable MergedFile readOver() {
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
            return opening.open(beside, component.added());
        }
        return file.run().seen().isFile(written) ? opening.open(beside, null) : null;
    }

    /** All files whose settings are merged in this one, in order of precedence. */
    public List<FileScope> topDown() {
        MergedFile above = over();
        List<FileScope> files = new ArrayList<>();
        if (above != null) {
            files.addAll(above.topDown());
        }
        files.add(file);
        merged().reversed().forEach(one -> files.add(one.file));
        return files;
    }

    /**
     * A part of the file over the same part of the included files, and below what a stack adds to it. A later include
     * wins over an earlier one; the strategy of an include determines how it is merged with later ones.
     */
    <T> T merged(T own, Function<MergedFile, T> part, Over<T> how) {
        return covered(overIncluded(own, part, how), part, how);
    }

    /** Below what a stack adds to it. */
    <T> T covered(T merged, Function<MergedFile, T> part, Over<T> how) {
        MergedFile above = over();
        return above == null ? merged : how.over(merged, part.apply(above), false);
    }

    private <T> T overIncluded(T own, Function<MergedFile, T> part, Over<T> how) {
        T merged = own;
        for (Body.Block block : includes.all().reversed()) {
            Strategy strategy = includes.strategy(block);
            if (strategy != Strategy.NO_MERGE) {
                try {
                    merged = how.over(part.apply(included(block)), merged, strategy == Strategy.DEEP);
                } catch (Merge.Mismatch e) {
                    throw e.problem(
                            block.header(), "cannot merge " + file.run().shown(includes.file(block)) + " deeply");
                }
            }
        }
        return merged;
    }

    /** The inputs over those of the included files. */
    public SortedMap<String, Value> inputs() {
        SortedMap<String, Value> known = inputs;
        if (known == null) {
            known = merged(new InputsAttribute(file).own(), MergedFile::inputs, Merge::inputs);
            inputs = known;
        }
        return known;
    }

    /** Blocks of one type by label, the file's own and those that are merged into it; its own come first. */
    SequencedMap<String, MergedBlocks> layers(String type) {
        SequencedMap<String, MergedBlocks> known = layers.get(type);
        if (known == null) {
            SequencedMap<String, MergedBlocks> own = new LinkedHashMap<>();
            BlockRules.byLabel(file.body(), type)
                    .forEach((label, block) -> own.put(label, MergedBlocks.of(file, block)));
            known = merged(own, one -> one.layers(type), (lower, upper, deep) -> {
                SequencedMap<String, MergedBlocks> both = new LinkedHashMap<>(upper);
                lower.forEach((label, block) ->
                        both.merge(label, block, (above, below) -> deep ? above.above(below) : above));
                return both;
            });
            layers.put(type, known);
        }
        return known;
    }

    /**
     * Refuses two files to be written with one name in the file and in what is merged into it: not even the later one
     * wins.
     */
    public void checkGenerated() {
        overIncluded(generated(), MergedFile::generated, (lower, upper, deep) -> {
            for (var block : upper.entrySet()) {
                if (!deep && lower.containsKey(block.getKey())) {
                    throw block.getValue()
                            .header()
                            .problem(
                                    "cannot use generate \"" + block.getKey() + "\"",
                                    "an included file has one of the same name",
                                    "give it another name, or add to the include block: merge_strategy = \"deep\"");
                }
            }
            SequencedMap<String, Body.Block> both = new LinkedHashMap<>(lower);
            both.putAll(upper);
            return both;
        });
    }

    private SequencedMap<String, Body.Block> generated() {
        return BlockRules.byLabel(file.body(), "generate");
    }
}
