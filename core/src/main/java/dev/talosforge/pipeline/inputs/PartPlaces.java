package dev.talosforge.pipeline.inputs;

import dev.talosforge.config.hcl.syntax.Body;
import dev.talosforge.config.hcl.syntax.Expression;
import dev.talosforge.config.hcl.syntax.Expression.ObjectItem;
import dev.talosforge.config.source.SourceTrace;
import dev.talosforge.config.unit.Unit;
import dev.talosforge.problem.Where;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where parts of a unit's inputs are written: the wrong item of {@code sources} instead of all of them. The result of a
 * function has the place of the whole input.
 */
final class PartPlaces {
    private static final Pattern STEP = Pattern.compile("\\.([^.\\[]+)|\\[([0-9]+)]");

    private final Unit unit;
    private final SourceTrace trace = new SourceTrace();

    PartPlaces(Unit unit) {
        this.unit = unit;
    }

    /** Steps of {@code sources[2].mode} behind the input's name: {@code 2}, {@code mode}. */
    static List<String> way(String input, String part) {
        List<String> steps = new ArrayList<>();
        Matcher step = STEP.matcher(part.startsWith(input) ? part.substring(input.length()) : "");
        while (step.find()) {
            steps.add(step.group(1) == null ? step.group(2) : step.group(1));
        }
        return steps;
    }

    /**
     * The narrowest place that is certain; null if the input is not set in a file.
     *
     * @param key whether the name of the last member is wanted instead of its value
     */
    Where.@Nullable Source of(String input, List<String> way, boolean key) {
        Where.Source whole = unit.places().get(input);
        if (whole == null || way.isEmpty()) {
            return whole;
        }
        SourceTrace.SourceFile file = trace.file(whole.file());
        Body.Attribute inputs = file.body().attribute("inputs");
        Expression value = inputs == null ? null : value(inputs.value(), input, whole);
        return value == null ? whole : trace.part(value, file, way, key).range().where();
    }

    /** What is written at the place that the evaluation knows: another one of that name may lie under it. */
    private static @Nullable Expression value(Expression expression, String input, Where.Source place) {
        switch (expression) {
            case Expression.ObjectConstructor(List<ObjectItem> items, var _) -> {
                for (ObjectItem item : items) {
                    if (input.equals(SourceTrace.plain(item.key()))
                            && item.value().range().where().equals(place)) {
                        return item.value();
                    }
                }
            }
            case Expression.Call call
            when call.name().equals("merge") -> {
                for (Expression argument : call.arguments()) {
                    Expression found = value(argument, input, place);
                    if (found != null) {
                        return found;
                    }
                }
            }
            case Expression.Parentheses(Expression inner, var _) -> {
                return value(inner, input, place);
            }
            default -> {}
        }
        return null;
    }
}
