package dev.talosforge.pipeline.run;

import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.text.ValueJson;
import dev.talosforge.config.unit.Inputs;
import dev.talosforge.config.unit.Unit;
import dev.talosforge.provenance.Part;
import dev.talosforge.provenance.StagePlan;
import dev.talosforge.provenance.StagePlan.Line;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * A unit's inputs before its dependencies are applied.
 *
 * @param unit of which every input is known: in place of what is not there is {@link StagePlan#LATER}, or, in lists and
 *     objects, nothing
 * @param later what is unknown, in words for people
 * @param leftOut those for which nothing is in the unit
 */
public record ForeseenInputs(Unit unit, List<String> later, List<String> leftOut) {
    /** Of an input in a line of a plan. */
    private static final int MAX_LINE = 100;

    /** The words for the input {@code iso_path}. */
    private static final String ISO = "ISO";

    public ForeseenInputs {
        later = List.copyOf(later);
        leftOut = List.copyOf(leftOut);
    }

    /**
     * Removes what is unknown.
     *
     * @param usual what replaces it; null for nothing
     */
    public static ForeseenInputs of(Unit foreseen, @Nullable Unit usual) {
        List<String> later = new ArrayList<>();
        List<String> leftOut = new ArrayList<>();
        SequencedMap<String, Value> inputs = new LinkedHashMap<>();
        foreseen.inputs().forEach((name, value) -> {
            if (Inputs.isKnown(value)) {
                inputs.put(name, value);
                return;
            }
            later.add(label(name));
            Value known =
                    usual == null ? known(name, value, leftOut) : usual.inputs().get(name);
            if (known != null) {
                inputs.put(name, known);
            }
        });
        return new ForeseenInputs(foreseen.with(inputs), later, leftOut);
    }

    /** People wait for an ISO; its path usually stays the same. */
    private static String label(String input) {
        return input.equals("iso_path") ? ISO : input;
    }

    /** The known items of a list; null for an object that is not completely known. */
    private static @Nullable Value known(String name, Value value, List<String> leftOut) {
        return switch (value) {
            case Value.Sequence(var kind, List<Value> items) -> {
                List<Value> known = new ArrayList<>();
                for (int i = 0; i < items.size(); i++) {
                    if (Inputs.isKnown(items.get(i))) {
                        known.add(items.get(i));
                    } else {
                        leftOut.add("%s[%d]".formatted(name, i));
                    }
                }
                yield new Value.Sequence(kind, known);
            }
            case Value.Unknown _ -> Value.of(StagePlan.LATER);
            default -> {
                leftOut.add(name);
                yield null;
            }
        };
    }

    /** The expected plan, with unknown values marked. */
    public StagePlan marked(StagePlan plan) {
        List<Line> lines = new ArrayList<>();
        for (Line line : plan.lines()) {
            lines.add(new Line(line.name(), isLater(line.part()) ? StagePlan.LATER : line.value()));
        }
        // A text's replacement shows in the lines; a value that was left out does not.
        leftOut.forEach(name -> lines.add(new Line(name, StagePlan.LATER)));
        return new StagePlan(plan.unit(), plan.stage(), lines, List.of(), plan.basis(), plan.waitsFor());
    }

    /** Whether everything in a part is decided when other units are applied. */
    private boolean isLater(@Nullable Part part) {
        return switch (part) {
            case Part.Content _ -> later.contains(ISO);
            // A path that is not known was taken for one from the unit's folder.
            case Part.IsoFile iso -> iso.path().endsWith("/" + StagePlan.LATER);
            case null -> false;
            case Part.TalosRelease _, Part.Architectures _, Part.BaseImage _, Part.Extension _ -> false;
            case Part.ExtensionVariant _, Part.ExtensionOrder _, Part.KernelArgument _, Part.CommandLine _ -> false;
            case Part.StageRevision _, Part.Target _, Part.Volume _, Part.Nodes _, Part.Output _ -> false;
            case Part.Setting _, Part.SourceDate _, Part.Unknown _, Part.OfExtension _ -> false;
        };
    }

    /** The inputs themselves, for a unit with too few values for a plan. */
    public static List<Line> inputs(Unit foreseen) {
        List<Line> lines = new ArrayList<>();
        for (Map.Entry<String, Value> input : foreseen.inputs().entrySet()) {
            lines.add(new Line(
                    input.getKey(), Inputs.isKnown(input.getValue()) ? text(input.getValue()) : StagePlan.LATER));
        }
        return lines;
    }

    private static String text(Value value) {
        String text = value instanceof Value.Text(String plain)
                ? plain
                : ValueJson.toJson(value).compact();
        boolean fits = text.length() <= MAX_LINE && text.chars().noneMatch(Character::isISOControl);
        return fits ? text : text.lines().findFirst().orElse("").transform(ForeseenInputs::begin) + "…";
    }

    private static String begin(String line) {
        return line.substring(0, Math.min(line.length(), MAX_LINE - 1));
    }
}
