package dev.talosforge.pipeline.run;

import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Remedy;
import dev.talosforge.problem.Wording;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * A unit as graphs and listings show it.
 *
 * @param name its folder, from the folder that was asked about, {@code /}-separated
 * @param module the last segment of {@code terraform.source}; null if there is none
 * @param managed whether the module is one of our stages
 * @param needs what it depends on
 * @param notes what was read and ignored
 * @param status of a unit that another tool runs and that consumes what we make; otherwise null
 * @param problems why it is not shown completely
 */
public record UnitView(
        String name,
        @Nullable String module,
        boolean managed,
        List<Need> needs,
        List<String> notes,
        JsonObject inputs,
        @Nullable ConsumerStatus status,
        List<Problem> problems) {
    public UnitView {
        needs = List.copyOf(needs);
        notes = List.copyOf(notes);
        problems = List.copyOf(problems);
    }

    /** The same, for a unit with problems. */
    public UnitView withProblems(List<Problem> more) {
        return new UnitView(name, module, managed, needs, notes, inputs, status, more);
    }

    /** A unit that is shown completely. */
    public UnitView(
            String name,
            @Nullable String module,
            boolean managed,
            List<Need> needs,
            List<String> notes,
            JsonObject inputs,
            @Nullable ConsumerStatus status) {
        this(name, module, managed, needs, notes, inputs, status, List.of());
    }

    /**
     * One thing that a unit depends on.
     *
     * @param unit the other unit's folder, from the folder that was asked about
     * @param outputs the origin of the values that the unit sees
     * @param values recorded outputs that the unit's expressions name; empty if nothing is recorded
     * @param remedy the command that records missing outputs; null if none are missing
     */
    public record Need(
            String unit,
            Outputs outputs,
            SequencedMap<String, Json> values,
            @Nullable Remedy remedy) {
        public Need {
            values = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(values));
        }

        /** Where values come from. */
        public enum Outputs {
            RECORDED,
            /** From the block's {@code mock_outputs}: the other unit was never applied. */
            MOCKED,
            MISSING,
            /** The unit must only come after the other one. */
            UNUSED
        }
    }

    /** The same with more notes. */
    public UnitView withNotes(List<String> more) {
        List<String> all = new ArrayList<>(notes);
        all.addAll(more);
        return new UnitView(name, module, managed, needs, all, inputs, status, problems);
    }

    public JsonObject toJson(Wording wording) {
        Json.Builder json = Json.object()
                .put("unit", name)
                .putIfPresent("module", module)
                .put("managed", managed)
                .put("dependencies", Json.array(needs, need -> json(need, wording)));
        if (status != null) {
            json.put("status", json(status));
        }
        json.put("notes", Json.ofTexts(notes)).put("inputs", inputs);
        return problems.isEmpty()
                ? json.build()
                : json.put("problems", Json.array(problems, problem -> RunReport.json(problem, wording)))
                        .build();
    }

    private static Json json(Need need, Wording wording) {
        Json.Builder values = Json.object();
        need.values().forEach(values::put);
        return Json.object()
                .put("unit", need.unit())
                .put("outputs", need.outputs().name().toLowerCase(Locale.ROOT))
                .put("values", values.build())
                .putIfPresent("remedy", need.remedy() == null ? null : wording.of(need.remedy()))
                .build();
    }

    private static Json json(ConsumerStatus status) {
        Json.Builder json = Json.object();
        return switch (status) {
            case ConsumerStatus.Current(var applied) ->
                json.put("kind", "current")
                        .put("applied_at", applied.toString())
                        .build();
            case ConsumerStatus.Older(var applied, var than) ->
                json.put("kind", "outdated")
                        .put("applied_at", applied.toString())
                        .put(
                                "newer",
                                Json.array(
                                        than,
                                        newer -> Json.object()
                                                .put("unit", newer.unit())
                                                .put(
                                                        "published_at",
                                                        newer.published().toString())
                                                .build()))
                        .build();
            case ConsumerStatus.NeverApplied() ->
                json.put("kind", "never_applied").build();
            case ConsumerStatus.Unknown(var why) ->
                json.put("kind", "unknown").put("reason", why).build();
        };
    }
}
