package dev.talosforge.pipeline;

import dev.talosforge.config.Dependency;
import dev.talosforge.config.Unit;
import dev.talosforge.config.hcl.Value;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Where;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * A unit that is looked at.
 *
 * @param inputs null for a unit that is not ours, and for one whose inputs are wrong, which is said elsewhere
 * @param overridden inputs that are set from outside
 */
record Subject(Unit unit, WrittenUnit written, @Nullable StageInputs inputs, Set<String> overridden) {
    Subject {
        overridden = Set.copyOf(overridden);
    }

    static Subject of(Unit unit, Written written, SortedMap<String, Value> overrides) {
        return new Subject(unit, WrittenUnit.of(unit, written), typed(unit, overrides), overrides.keySet());
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

    /** Whether the value of an input is what an apply would use: no mock, and nothing made of one. */
    boolean isReal(String input) {
        if (overridden.contains(input)) {
            return true;
        }
        return written.isReal(input, unit);
    }

    /** Whether the value is set here, and not handed on from another unit, which is judged itself. */
    boolean isOwn(String input) {
        WrittenUnit.Input own = written.inputs().get(input);
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
        WrittenUnit.Input own = written.inputs().get(input);
        return own == null ? unit.places().get(input) : own.where();
    }

    Where.@Nullable Source place(String input, int item, String text) {
        WrittenUnit.Input own = written.inputs().get(input);
        return own == null || overridden.contains(input) ? place(input) : own.item(item, text);
    }

    Finding finding(Check check, String input, String what, String why, @Nullable String remedy) {
        return finding(check, input, place(input), what, why, remedy);
    }

    Finding finding(
            Check check, String input, Where.@Nullable Source where, String what, String why, @Nullable String remedy) {
        return new Finding(check, unit.name(), "%s of %s: %s".formatted(input, unit.name(), what), where, why, remedy);
    }
}
