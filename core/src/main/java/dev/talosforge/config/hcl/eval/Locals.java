package dev.talosforge.config.hcl.eval;

import dev.talosforge.config.hcl.syntax.Body.Attribute;
import dev.talosforge.config.hcl.syntax.Range;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.problem.NearestName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Named values that may use one another in any order. Each is evaluated once, when it is first read. */
public final class Locals implements LazyObject {
    private final String prefix;
    private final SequencedMap<String, Attribute> attributes;
    private final Map<String, Value> evaluated = new TreeMap<>();
    private final List<String> evaluating = new ArrayList<>();
    private @Nullable Evaluator evaluator;

    /**
     * Values by name.
     *
     * @param prefix their name in expressions: {@code local}
     */
    public Locals(String prefix, SequencedMap<String, Attribute> attributes) {
        this.prefix = prefix;
        this.attributes = attributes;
    }

    /** Sets how to evaluate them; the evaluator's scope usually contains these values themselves. */
    public void evaluateWith(Evaluator chosen) {
        this.evaluator = chosen;
    }

    @Override
    public Value member(String name, Range at) {
        Value known = evaluated.get(name);
        if (known != null) {
            return known;
        }
        Attribute attribute = attributes.get(name);
        if (attribute == null) {
            throw at.problem(
                    "unknown name \"" + prefix + "." + name + "\"",
                    attributes.isEmpty()
                            ? "there are no values called " + prefix + ".… here"
                            : "known here: " + String.join(", ", attributes.keySet()),
                    NearestName.suggestion(name, attributes.keySet()));
        }
        if (evaluating.contains(name)) {
            throw cycle(name, attribute);
        }
        if (evaluator == null) {
            throw new IllegalStateException("evaluateWith was not called");
        }
        evaluating.add(name);
        try {
            Value value = evaluator.evaluate(attribute.value());
            evaluated.put(name, value);
            return value;
        } finally {
            evaluating.removeLast();
        }
    }

    private dev.talosforge.problem.BuildException cycle(String name, Attribute attribute) {
        List<String> members = new ArrayList<>(evaluating.subList(evaluating.indexOf(name), evaluating.size()));
        members.add(name);
        String path =
                String.join(" -> ", members.stream().map(m -> prefix + "." + m).toList());
        return attribute
                .nameRange()
                .problem("cannot evaluate " + prefix + "." + name, "it needs itself: " + path, null);
    }

    @Override
    public Value whole(Range at) {
        SortedMap<String, Value> members = new TreeMap<>();
        for (String name : attributes.keySet()) {
            members.put(name, member(name, at));
        }
        return Value.object(members);
    }
}
