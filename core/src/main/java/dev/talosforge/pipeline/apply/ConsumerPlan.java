package dev.talosforge.pipeline.apply;

import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonText;
import dev.talosforge.pipeline.run.UnitView;
import dev.talosforge.problem.Wording;
import dev.talosforge.provenance.StagePlan;
import dev.talosforge.provenance.StagePlan.Line;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;

/** The plan for a unit that another tool runs: its inputs, and whether it uses what was published last. */
final class ConsumerPlan {
    private ConsumerPlan() {}

    /** @param changing units whose outputs will change */
    static StagePlan of(UnitView unit, SortedSet<String> changing, Wording wording) {
        String module = unit.module();
        List<Line> lines = new ArrayList<>();
        for (UnitView.Need need : unit.needs()) {
            need.values()
                    .forEach((name, value) -> lines.add(new Line(
                            need.unit() + " " + name,
                            text(value) + (changing.contains(need.unit()) ? " -> " + StagePlan.LATER : ""))));
            switch (need.outputs()) {
                case MISSING, MOCKED -> lines.add(new Line(need.unit(), "nothing is recorded" + remedy(need, wording)));
                case RECORDED, UNUSED -> {}
            }
        }
        if (unit.status() != null) {
            lines.add(new Line("its own state", unit.status().text()));
        }
        return StagePlan.ofConsumer(
                unit.name(), module == null ? "no module: nothing to do" : module + ": run by another tool", lines);
    }

    private static String remedy(UnitView.Need need, Wording wording) {
        return need.remedy() == null ? "" : "; " + wording.of(need.remedy());
    }

    private static String text(Json value) {
        return value instanceof JsonText(String text) ? text : value.compact();
    }
}
