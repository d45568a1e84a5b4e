package dev.talosforge.cli.text;

import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonText;
import dev.talosforge.pipeline.run.ConsumerStatus;
import dev.talosforge.pipeline.run.UnitView;
import dev.talosforge.pipeline.run.UnitView.Need;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes a graph of units as text, for Graphviz or for Mermaid. */
public final class GraphText {
    private GraphText() {}

    public static String render(List<UnitView> units, GraphFormat format) {
        return switch (format) {
            case TEXT -> text(units);
            case DOT -> dot(units);
            case MERMAID -> mermaid(units);
        };
    }

    private static String text(List<UnitView> units) {
        StringBuilder out = new StringBuilder();
        for (UnitView unit : units) {
            out.append(String.format(Locale.ROOT, "%-36s %s%n", unit.name(), kind(unit)));
            unit.needs().forEach(need -> need(need, out));
            for (UnitView other : units) {
                if (other.needs().stream().anyMatch(need -> need.unit().equals(unit.name()))) {
                    out.append("    feeds  ").append(other.name()).append('\n');
                }
            }
            unit.problems()
                    .forEach(problem -> out.append("    problem  ")
                            .append(PlainText.indented(problem.what() + ": " + problem.why()))
                            .append('\n'));
            if (unit.status() != null) {
                out.append("    state  ").append(unit.status().text()).append('\n');
            }
        }
        return out.toString();
    }

    private static void need(Need need, StringBuilder out) {
        out.append("    needs  ").append(need.unit()).append('\n');
        for (Map.Entry<String, Json> value : need.values().entrySet()) {
            out.append("           ")
                    .append(value.getKey())
                    .append(" = ")
                    .append(shown(value.getValue()))
                    .append('\n');
        }
        if (need.remedy() != null) {
            out.append("           nothing is recorded yet; ")
                    .append(RemedyText.of(need.remedy()))
                    .append('\n');
        }
    }

    private static String shown(Json value) {
        return value instanceof JsonText(String text) ? text : value.compact();
    }

    private static String kind(UnitView unit) {
        String module = unit.module();
        if (module == null) {
            boolean read = unit.problems().isEmpty()
                    || !unit.needs().isEmpty()
                    || !unit.inputs().members().isEmpty();
            return read ? "no module" : "cannot be read";
        }
        return unit.managed() ? module : module + " (consumer)";
    }

    /** The second line of a node's label; null if there is none. */
    private static @Nullable String mark(UnitView unit) {
        if (!unit.problems().isEmpty()) {
            return "has problems";
        }
        return switch (unit.status()) {
            case ConsumerStatus.Older _ -> "older than what it consumes";
            case ConsumerStatus.NeverApplied _ -> "never applied";
            case ConsumerStatus.Current _, ConsumerStatus.Unknown _ -> null;
            case null -> null;
        };
    }

    private static String dot(List<UnitView> units) {
        StringBuilder out = new StringBuilder("digraph units {\n  rankdir=LR;\n  node [shape=box];\n");
        for (UnitView unit : units) {
            String mark = mark(unit);
            out.append("  ").append(quoted(unit.name())).append(" [style=").append(unit.managed() ? "bold" : "dashed");
            if (mark != null) {
                out.append(", label=").append(quoted(unit.name() + "\n" + mark));
            }
            out.append("];\n");
        }
        for (UnitView unit : units) {
            for (Need need : unit.needs()) {
                out.append("  %s -> %s%s;\n"
                        .formatted(
                                quoted(need.unit()),
                                quoted(unit.name()),
                                need.remedy() == null ? "" : " [style=dotted]"));
            }
        }
        return out.append("}\n").toString();
    }

    private static String quoted(String name) {
        return '"' + name.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }

    private static String mermaid(List<UnitView> units) {
        StringBuilder out = new StringBuilder("graph LR\n");
        List<String> names = new ArrayList<>(units.stream().map(UnitView::name).toList());
        for (UnitView unit : units) {
            for (Need need : unit.needs()) {
                if (!names.contains(need.unit())) {
                    names.add(need.unit());
                }
            }
        }
        for (int i = 0; i < names.size(); i++) {
            String mark = i < units.size() ? mark(units.get(i)) : null;
            out.append("  u%d[\"%s%s\"]%n"
                    .formatted(i, names.get(i).replace("\"", "#quot;"), mark == null ? "" : "<br>" + mark));
        }
        for (UnitView unit : units) {
            for (Need need : unit.needs()) {
                out.append("  u%d %s u%d%n"
                        .formatted(
                                names.indexOf(need.unit()),
                                need.remedy() == null ? "-->" : "-.->",
                                names.indexOf(unit.name())));
            }
        }
        return out.toString();
    }
}
