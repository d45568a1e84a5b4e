package dev.talosforge.cli.text;

import dev.talosforge.provenance.StagePlan;
import java.util.List;
import java.util.Locale;

/** A plan for people: what it uses and builds, then what differs from the last apply. */
public final class PlanText {
    private PlanText() {}

    public static String render(StagePlan plan) {
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
            case NEVER_APPLIED -> {
                out.append("  never applied: everything is new\n");
                if (!plan.waitsFor().isEmpty()) {
                    out.append(
                            "  %s: the outputs of %s\n".formatted(StagePlan.LATER, String.join(", ", plan.waitsFor())));
                }
            }
            case LAST_APPLY -> out.append(changes(plan)).append(later(plan));
        }
        return out.toString();
    }

    /** The changes that depend on other units. */
    private static String later(StagePlan plan) {
        List<StagePlan.Change> later =
                plan.changes().stream().filter(StagePlan.Change::isLater).toList();
        if (later.isEmpty()) {
            return "";
        }
        StringBuilder out = new StringBuilder("  will change, because %s %s:\n"
                .formatted(
                        plan.waitsFor().isEmpty() ? "a program" : String.join(", ", plan.waitsFor()),
                        plan.waitsFor().size() > 1 ? "do" : "does"));
        later.forEach(change -> out.append("    ~ ")
                .append(change.what())
                .append(' ')
                .append(change.text())
                .append('\n'));
        return out.toString();
    }

    private static String changes(StagePlan plan) {
        if (plan.changes().isEmpty()) {
            return plan.isUpload()
                    ? "  nothing changed since the last apply\n"
                    : "  nothing changed since the last apply; apply builds everything again nevertheless\n";
        }
        List<StagePlan.Change> known =
                plan.changes().stream().filter(change -> !change.isLater()).toList();
        if (known.isEmpty()) {
            return "";
        }
        StringBuilder out = new StringBuilder("  changed since the last apply:\n");
        for (StagePlan.Change change : known) {
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
