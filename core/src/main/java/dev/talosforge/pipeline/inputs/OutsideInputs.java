package dev.talosforge.pipeline.inputs;

import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.unit.Inputs;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Remedy;
import dev.talosforge.problem.RunOption;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Inputs that are set from outside, by name, with what sets each. Immutable. */
public final class OutsideInputs extends TreeMap<String, Value> {
    private static final long serialVersionUID = 1;

    private final TreeSet<String> requested;

    /**
     * Inputs by name.
     *
     * @param requested those that an option of this run sets; the others are set by variables of the environment
     */
    public OutsideInputs(SortedMap<String, Value> values, SortedSet<String> requested) {
        super(values);
        this.requested = new TreeSet<>(requested);
    }

    /** What sets each of them: an option, or a variable of the environment. */
    static SortedMap<String, Remedy> settings(SortedMap<String, Value> overrides) {
        SortedMap<String, Remedy> settings = new TreeMap<>();
        for (String name : overrides.keySet()) {
            boolean option = !(overrides instanceof OutsideInputs outside) || outside.requested.contains(name);
            settings.put(
                    name, option ? Remedy.give(RunOption.VARIABLE, name) : new Remedy.Export("TF_VAR_" + name, null));
        }
        return settings;
    }

    /** Parses a text from outside if another type is expected; a text that cannot be parsed stays as it is. */
    public static Value composed(Value value) {
        if (value instanceof Value.Text(String text)) {
            try {
                return Inputs.composed(text);
            } catch (BuildException e) {
                return value; // Told where the inputs are read.
            }
        }
        return value;
    }
}
