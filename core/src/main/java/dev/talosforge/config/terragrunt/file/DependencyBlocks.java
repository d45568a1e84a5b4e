package dev.talosforge.config.terragrunt.file;

import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.terragrunt.block.BlockSchema;
import dev.talosforge.config.terragrunt.functions.TerragruntFunctions;
import dev.talosforge.config.terragrunt.run.EvaluationRun;
import dev.talosforge.config.terragrunt.run.FileContext;
import dev.talosforge.config.terragrunt.run.SeenFiles;
import dev.talosforge.config.unit.UnitFiles;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The {@code dependency} blocks of a file and of its includes: their attributes, and the folders that they name. */
record DependencyBlocks(MergedFile file) {
    /** The attributes that a block may set. */
    static final List<String> SETTINGS = BlockSchema.of("dependency").attributes();

    Set<String> names() {
        return file.layers("dependency").keySet();
    }

    MergedBlocks block(String name) {
        MergedBlocks block = file.layers("dependency").get(name);
        if (block == null) {
            throw new IllegalStateException("no dependency " + name);
        }
        return block;
    }

    boolean isDisabled(String name) {
        return block(name).is("enabled", false);
    }

    /** The value of an attribute, or null. */
    @Nullable
    Value setting(String name, String attribute) {
        MergedBlocks block = block(name);
        MergedBlocks.Found found = block.attribute(attribute);
        return found == null ? null : attribute.startsWith("mock_outputs") ? block.merged(attribute) : found.value();
    }

    /** Those that are enabled. Throws all problems at once. */
    void each(Consumer<String> action) {
        List<Problem> problems = new ArrayList<>();
        for (String name : List.copyOf(names())) {
            try {
                if (!isDisabled(name)) {
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
    Path directory(String name) {
        MergedBlocks block = block(name);
        MergedBlocks.Found attribute = block.attribute("config_path");
        if (attribute == null) {
            throw block.header().problem("cannot use dependency \"" + name + "\"", "it has no config_path", null);
        }
        Value value = attribute.value();
        if (!(value instanceof Value.Text(String text))) {
            throw attribute.range().problem("cannot use this config_path", "it is " + value.kindName(), null);
        }
        EvaluationRun run = file.file().run();
        Path path = TerragruntFunctions.path(file.file().context().directory(), text, attribute.range());
        Path directory = run.seen().isFile(path) ? FileContext.parent(path) : path;
        if (!run.seen().isUnit(directory) && !isStack(directory)) {
            throw attribute
                    .range()
                    .problem(
                            "cannot use dependency \"" + name + "\"",
                            "there is no %s in %s".formatted(UnitFiles.FILE_NAME, run.shown(directory)),
                            null);
        }
        return directory;
    }

    boolean isStack(Path directory) {
        SeenFiles seen = file.file().run().seen();
        return !seen.isUnit(directory) && seen.isStack(directory);
    }
}
