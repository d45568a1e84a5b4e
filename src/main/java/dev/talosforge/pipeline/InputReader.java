package dev.talosforge.pipeline;

import dev.talosforge.config.Inputs;
import dev.talosforge.config.Unit;
import dev.talosforge.config.hcl.Value;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** A stage's inputs with their defaults. What is wrong, and what nobody asked for, is said at the end, all at once. */
final class InputReader {
    private final Inputs inputs;

    InputReader(Unit unit) {
        this.inputs = Inputs.of(unit);
    }

    /** Empty when it is missing or empty, which is reported. */
    String required(String name) {
        String text = inputs.text(name);
        if (inputs.value(name) instanceof Value.Text(String given) && given.isEmpty()) {
            wrong(name, "is empty");
        }
        return text;
    }

    /** Empty is as good as not set: that is how modules pass on what their callers leave out. */
    @Nullable
    String optional(String name) {
        String text = inputs.optionalText(name);
        return text == null || text.isEmpty() ? null : text;
    }

    String text(String name, String otherwise) {
        String text = optional(name);
        return text == null ? otherwise : text;
    }

    List<String> texts(String name) {
        return inputs.optionalTexts(name);
    }

    SequencedMap<String, String> map(String name) {
        return inputs.optionalTextMap(name);
    }

    /** An input that is there and wrong. */
    void wrong(String name, String why) {
        inputs.problem(name, "it " + why, null);
    }

    /** To be called when everything was asked for: fails with all that is wrong. */
    void finish() {
        List<Problem> problems = new ArrayList<>(inputs.problems());
        problems.addAll(inputs.unknown());
        if (!problems.isEmpty()) {
            throw new BuildException(problems, null);
        }
    }
}
