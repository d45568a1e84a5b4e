package dev.talosforge.cli;

import dev.talosforge.cli.TreeCommands.GraphFormat;
import dev.talosforge.pipeline.UnitView;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A graph of units as text, for Graphviz or for Mermaid. */
final class GraphText {
    private GraphText() {}

    static String render(List<UnitView> units, GraphFormat format) {
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
            unit.needs().forEach(need -> out.append("    needs  ").append(need).append('\n'));
            for (UnitView other : units) {
                if (other.needs().contains(unit.name())) {
                    out.append("    feeds  ").append(other.name()).append('\n');
                }
            }
        }
        return out.toString();
    }

    private static String kind(UnitView unit) {
        String module = unit.module();
        if (module == null) {
            return "no module";
        }
        return unit.ours() ? module : module + " (consumer)";
    }

    private static String dot(List<UnitView> units) {
        StringBuilder out = new StringBuilder("digraph units {\n  rankdir=LR;\n  node [shape=box];\n");
        for (UnitView unit : units) {
            out.append("  ").append(quoted(unit.name()));
            out.append(unit.ours() ? " [style=bold];\n" : " [style=dashed];\n");
        }
        for (UnitView unit : units) {
            for (String need : unit.needs()) {
                out.append("  %s -> %s;\n".formatted(quoted(need), quoted(unit.name())));
            }
        }
        return out.append("}\n").toString();
    }

    private static String quoted(String name) {
        return '"' + name.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static String mermaid(List<UnitView> units) {
        StringBuilder out = new StringBuilder("graph LR\n");
        List<String> names = new ArrayList<>(units.stream().map(UnitView::name).toList());
        for (UnitView unit : units) {
            for (String need : unit.needs()) {
                if (!names.contains(need)) {
                    names.add(need);
                }
            }
        }
        for (int i = 0; i < names.size(); i++) {
            out.append("  u%d[\"%s\"]%n".formatted(i, names.get(i).replace("\"", "#quot;")));
        }
        for (UnitView unit : units) {
            for (String need : unit.needs()) {
                out.append("  u%d --> u%d%n".formatted(names.indexOf(need), names.indexOf(unit.name())));
            }
        }
        return out.toString();
    }
}
