package dev.talosforge.pipeline.lint;

import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Where;
import org.jspecify.annotations.Nullable;

/**
 * Something in a unit that is allowed but probably a mistake: a warning, or a problem in strict runs.
 *
 * @param unit the unit's name
 * @param what in the user's words, with the input and the unit
 * @param where the input is set, or the very item of a list; null if it comes from outside the tree
 * @param why the consequence
 * @param remedy what to write instead
 */
public record LintFinding(
        LintRule check,
        String unit,
        String what,
        Where.@Nullable Source where,
        String why,
        @Nullable String remedy) {
    /** The same as a problem. */
    public Problem toProblem() {
        return Problem.failed(Problem.Kind.INVALID_INPUT, what + " [" + check.id() + "]")
                .because(why)
                .at(where)
                .trying(remedy);
    }

    /** In one line, with its place, or in several if the reason has more; the caller indents them. */
    public String line() {
        String place = where == null ? "" : " (%s:%d)".formatted(where.file(), where.line());
        if (why.indexOf('\n') < 0 && (remedy == null || remedy.indexOf('\n') < 0)) {
            return "%s%s: %s%s [%s]".formatted(what, place, why, remedy == null ? "" : "; " + remedy, check.id());
        }
        return "%s%s [%s]\n%s".formatted(what, place, check.id(), details());
    }

    /** Why, and what to write instead. */
    public String details() {
        return remedy == null ? why : why + "\n" + remedy;
    }

    public JsonObject toJson() {
        Json.Builder json = Json.object()
                .put("rule", check.id())
                .put("unit", unit)
                .put("message", what)
                .put("reason", why)
                .putIfPresent("remedy", remedy);
        if (where != null) {
            json.put("file", where.file().toString())
                    .put("line", where.line())
                    .put("column", where.column())
                    .put("snippet", where.text());
        }
        return json.build();
    }
}
