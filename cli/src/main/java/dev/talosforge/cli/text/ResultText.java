package dev.talosforge.cli.text;

import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.Json.JsonText;
import dev.talosforge.pipeline.lint.LintFinding;
import dev.talosforge.pipeline.run.RunReport;
import dev.talosforge.pipeline.run.UnitResult;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How units ended, and their outputs, for people and as JSON. */
public final class ResultText {
    private ResultText() {}

    public static String render(List<UnitResult> results) {
        StringBuilder out = new StringBuilder();
        for (UnitResult result : results) {
            String outcome = switch (result.ending()) {
                case APPLIED, PLANNED, VALID -> result.ending().word();
                case BUILT -> "built" + reason(result);
                case EXCLUDED -> "excluded" + reason(result);
                case NOT_MANAGED -> "nothing to do" + reason(result);
                case SKIPPED -> "skipped" + reason(result);
                case FAILED -> "failed";
            };
            out.append(PlainText.line(result.unit()))
                    .append("  ")
                    .append(PlainText.line(outcome))
                    .append('\n');
            out.append(outputs(result.outputs()));
        }
        return out.toString();
    }

    private static String reason(UnitResult result) {
        return result.because() == null ? "" : ": " + result.because();
    }

    /** One line per output, with aligned names; members of maps are indented. */
    public static String outputs(Map<String, Json> outputs) {
        StringBuilder out = new StringBuilder();
        int width = outputs.keySet().stream().mapToInt(String::length).max().orElse(0);
        outputs.forEach((name, value) -> {
            if (value instanceof JsonObject(var members) && !members.isEmpty()) {
                out.append("  ").append(name).append('\n');
                members.forEach((key, member) -> out.append("    ")
                        .append(key)
                        .append("  ")
                        .append(text(member))
                        .append('\n'));
            } else {
                out.append(String.format(Locale.ROOT, "  %-" + Math.max(1, width) + "s  %s%n", name, text(value)));
            }
        });
        return out.toString();
    }

    private static String text(Json value) {
        return PlainText.line(value instanceof JsonText(String text) ? text : value.compact());
    }

    public static Json json(UnitResult result) {
        Json.Builder outputs = Json.object();
        result.outputs().forEach(outputs::put);
        Json.Builder json = Json.object()
                .put("result", result.ending().word())
                .putIfPresent("reason", result.because())
                .put("outputs", outputs.build())
                .put("problems", Json.array(result.problems(), problem -> RunReport.json(problem, RemedyText::of)));
        if (!result.nextSteps().isEmpty()) {
            json.put("next_steps", Json.array(result.nextSteps(), LintFinding::toJson));
        }
        return json.build();
    }

    /** What is left to do, unit by unit; empty if nothing is. */
    public static String nextSteps(List<UnitResult> results) {
        StringBuilder out = new StringBuilder();
        for (UnitResult result : results) {
            for (LintFinding step : result.nextSteps()) {
                out.append(out.isEmpty() ? "\nnext steps\n" : "\n")
                        .append("- ")
                        .append(step.what())
                        .append('\n')
                        .append(step.details().indent(2));
            }
        }
        return out.toString();
    }
}
