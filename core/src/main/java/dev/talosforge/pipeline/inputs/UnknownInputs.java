package dev.talosforge.pipeline.inputs;

import dev.talosforge.config.unit.Unit;
import dev.talosforge.problem.NearestName;
import dev.talosforge.problem.Where;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;

/** Inputs that a unit of ours receives and does not use, in words: Terraform ignores such inputs, too. */
public final class UnknownInputs {
    private UnknownInputs() {}

    public static List<String> notes(Unit unit) {
        List<String> notes = new ArrayList<>();
        StageModule module = StageModule.of(unit.module());
        if (module == null) {
            return notes;
        }
        SortedSet<String> known = StageInputNames.of(module);
        List<String> unused = TheirInputs.unused(unit.module());
        for (String name : unit.inputs().keySet()) {
            if (known.contains(name) || (unit.writes(name) && !unused.contains(name))) {
                continue; // An unknown input that the unit itself sets is a problem.
            }
            Where.Source place = unit.places().get(name);
            String near = unused.contains(name) ? null : NearestName.suggestion(name, known);
            notes.add("%sinput \"%s\" is unknown to %s and is ignored%s"
                    .formatted(
                            place == null ? "" : "%s:%d:%d: ".formatted(place.file(), place.line(), place.column()),
                            name,
                            unit.module(),
                            near == null ? "" : "; " + near));
        }
        return notes;
    }
}
