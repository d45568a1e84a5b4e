package dev.talosforge.cli;

import dev.talosforge.pipeline.StagePlan;
import java.util.Locale;

/** A plan for people: what is used and made, then what differs from the last apply. */
final class PlanText {
    private PlanText() {}

    static String render(StagePlan plan) {
        StringBuilder out = new StringBuilder();
        out.append(PlainText.line(plan.unit()))
                .append("  ")
                .append(plan.stage())
                .append('\n');
        int width = plan.lines().stream()
                .mapToInt(line -> PlainText.line(line.name()).length())
                .max()
                .orElse(1);
        for (StagePlan.Line line : plan.lines()) {
            out.append(String.format(
                    Locale.ROOT,
                    "  %-" + width + "s  %s%n",
                    PlainText.line(line.name()),
                    PlainText.line(line.value())));
        }
        switch (plan.basis()) {
            case NONE -> {}
            case NEVER_APPLIED -> out.append("  never applied: everything is new\n");
            case LAST_APPLY -> out.append(changes(plan));
        }
        return out.toString();
    }

    private static String changes(StagePlan plan) {
        if (plan.changes().isEmpty()) {
            return "  nothing changed since the last apply; apply assembles everything anew all the same\n";
        }
        StringBuilder out = new StringBuilder("  changed since the last apply:\n");
        for (StagePlan.Change change : plan.changes()) {
            out.append("    ").append(PlainText.line(describe(change))).append('\n');
        }
        return out.toString();
    }

    private static String describe(StagePlan.Change change) {
        String sign = switch (change.kind()) {
            case ADDED -> "+ ";
            case REMOVED -> "- ";
            case CHANGED -> "~ ";
        };
        return sign + change.what() + (change.text().isEmpty() ? "" : ": " + change.text());
    }
}
