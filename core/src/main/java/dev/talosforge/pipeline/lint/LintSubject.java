package dev.talosforge.pipeline.lint;

import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.source.SourceTrace;
import dev.talosforge.config.source.UnitSource;
import dev.talosforge.config.unit.Dependency;
import dev.talosforge.config.unit.Unit;
import dev.talosforge.pipeline.inputs.ExtensionInputs;
import dev.talosforge.pipeline.inputs.ImagesInputs;
import dev.talosforge.pipeline.inputs.InputReader;
import dev.talosforge.pipeline.inputs.StageInputs;
import dev.talosforge.pipeline.inputs.StageModule;
import dev.talosforge.pipeline.inputs.UploadInputs;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Where;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * A unit that is checked.
 *
 * @param inputs null for a unit that is not ours, and for one whose inputs are wrong, which is reported elsewhere
 * @param overridden inputs that are set from outside
 */
record LintSubject(Unit unit, UnitSource source, @Nullable StageInputs inputs, Set<String> overridden) {
    LintSubject {
        overridden = Set.copyOf(overridden);
    }

    static LintSubject of(Unit unit, SourceTrace trace, SortedMap<String, Value> overrides) {
        return new LintSubject(unit, UnitSource.of(unit, trace), typed(unit, overrides), overrides.keySet());
    }

    private static @Nullable StageInputs typed(Unit unit, SortedMap<String, Value> overrides) {
        InputReader reader = new InputReader(unit, overrides);
        try {
            return switch (StageModule.of(unit.module())) {
                case EXTENSION -> ExtensionInputs.read(reader);
                case IMAGES -> ImagesInputs.read(reader);
                case UPLOAD -> UploadInputs.read(reader);
                case null -> null;
            };
        } catch (BuildException e) {
            return null;
        }
    }

    /** Whether the value of an input is what an apply would use: not a mock, and not derived from one. */
    boolean isReal(String input) {
        if (overridden.contains(input)) {
            return true;
        }
        return source.isReal(input, unit);
    }

    /** Whether the value is set here, not passed on from another unit, which is checked itself. */
    boolean isOwn(String input) {
        UnitSource.Input own = source.inputs().get(input);
        return isReal(input)
                && (overridden.contains(input)
                        || own == null
                        || own.dependencies().isEmpty());
    }

    boolean dependsOn(Unit other) {
        return unit.dependencies().stream().map(Dependency::directory).anyMatch(other.directory()::equals);
    }

    Where.@Nullable Source place(String input) {
        if (overridden.contains(input)) {
            return null;
        }
        UnitSource.Input own = source.inputs().get(input);
        return own == null ? unit.places().get(input) : own.where();
    }

    Where.@Nullable Source place(String input, int item, String text) {
        UnitSource.Input own = source.inputs().get(input);
        return own == null || overridden.contains(input) ? place(input) : own.item(item, text);
    }

    LintFinding finding(LintRule check, String input, String what, String why, @Nullable String remedy) {
        return finding(check, input, place(input), what, why, remedy);
    }

    LintFinding finding(
            LintRule check,
            String input,
            Where.@Nullable Source where,
            String what,
            String why,
            @Nullable String remedy) {
        return new LintFinding(
                check, unit.name(), "%s of %s: %s".formatted(input, unit.name(), what), where, why, remedy);
    }
}
