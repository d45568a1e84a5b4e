package dev.talosforge.cli.text;

import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Problem.Kind;
import dev.talosforge.problem.Where;
import java.util.List;

/** Problems as text for a terminal or a log, and as exit codes. */
public final class ProblemText {
    /** Exit code of a run that was interrupted. */
    public static final int INTERRUPTED = 130;

    private ProblemText() {}

    public static String render(Problem problem) {
        return render("error: ", problem);
    }

    /**
     * The same for a problem that stopped more than one thing.
     *
     * @param also what else could not be done
     * @param again whether its cause was reported before: then its place and remedy were, too
     */
    public static String render(Problem problem, List<String> also, boolean again) {
        Problem shown =
                again ? Problem.failed(problem.kind(), problem.what()).because("as above, " + problem.why()) : problem;
        return render("error: ", shown, also);
    }

    /** For a problem that stops nothing. */
    public static String renderWarning(Problem problem) {
        return render("warning: ", problem);
    }

    private static String render(String severity, Problem problem) {
        return render(severity, problem, List.of());
    }

    private static String render(String severity, Problem problem, List<String> also) {
        StringBuilder text = new StringBuilder(severity)
                .append(PlainText.indented(problem.what()))
                .append('\n');
        if (problem.where() != null) {
            text.append(place(problem.where()));
        }
        text.append("  why:   ").append(PlainText.indented(problem.why())).append('\n');
        for (int i = 0; i < also.size(); i++) {
            text.append(i == 0 ? "  also:  " : "         ")
                    .append(PlainText.indented(also.get(i)))
                    .append('\n');
        }
        if (problem.remedy() != null) {
            text.append("  try:   ")
                    .append(PlainText.indented(RemedyText.of(problem.remedy())))
                    .append('\n');
        }
        return text.toString();
    }

    /** Documented in {@code docs/cli.md}: scripts depend on these numbers. */
    public static int exitCode(Kind kind) {
        return switch (kind) {
            case INVALID_INPUT -> 2;
            case NOT_SUPPORTED -> 3;
            case BAD_ARTIFACT -> 4;
            case ENVIRONMENT -> 5;
            case REFUSED -> 6;
            case UNAVAILABLE -> 7;
        };
    }

    private static String place(Where where) {
        return switch (where) {
            case Where.Source(var file, var line, var column, var length, var source) -> {
                String gutter = Integer.toString(line);
                String shown = source.replace('\t', ' '); // one column each, as in the line with the caret
                yield "  where: %s:%d:%d%n    %s | %s%n    %s | %s%s%n"
                        .formatted(
                                PlainText.line(file.toString()),
                                line,
                                column,
                                gutter,
                                PlainText.line(shown),
                                " ".repeat(gutter.length()),
                                " ".repeat(Math.max(0, column - 1)),
                                "^".repeat(Math.max(1, Math.min(length, shown.length() - column + 1))));
            }
            case Where.Input(var name) -> "  where: var.%s%n".formatted(PlainText.line(name));
            case Where.Setting(var by) -> "  where: %s%n".formatted(PlainText.line(RemedyText.of(by)));
            case Where.Offset(var file, var offset) ->
                "  where: %s at byte %d (0x%x)%n".formatted(PlainText.line(file.toString()), offset, offset);
            case Where.Remote(var method, var uri, var status) ->
                "  where: %s %s (%s)%n"
                        .formatted(
                                method,
                                PlainText.line(uri.toString()),
                                status == 0 ? "no answer" : Integer.toString(status));
        };
    }
}
