package dev.talosforge.cli.session;

import dev.talosforge.cli.text.JsonEvents;
import dev.talosforge.cli.text.ProblemGroups;
import dev.talosforge.cli.text.ProblemText;
import dev.talosforge.cli.text.RequestRemedies;
import dev.talosforge.cli.text.TerminalEvents;
import dev.talosforge.engine.Events;
import dev.talosforge.pipeline.lint.LintFinding;
import dev.talosforge.pipeline.run.UnitResult;
import dev.talosforge.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The output of one command: results, events and problems. */
final class Console {
    private final ProcessEnvironment process;
    private final Events shown;
    private final Events events;
    private final boolean json;
    /** A problem in a file that several units read is reported once. */
    private final ProblemGroups groups = new ProblemGroups();

    /** @param requested whether the command does what another program requests */
    Console(ProcessEnvironment process, GlobalOptions global, boolean requested) {
        this.process = process;
        this.json = global.json;
        this.shown = json
                ? new JsonEvents(process.err(), System::nanoTime)
                : new TerminalEvents(process.err(), process.terminal(), global.verbose, System::nanoTime);
        this.events = requested ? RequestRemedies.over(shown) : shown;
    }

    Events events() {
        return events;
    }

    /** Prints a line of the result. */
    void print(String text) {
        clear();
        process.out().println(text);
    }

    /** Prints a line of the result unchanged if it goes to a pipe; on a terminal, without control characters. */
    void printRaw(String text) {
        if (process.terminal()) {
            print(text);
        } else {
            clear();
            process.out().writeBytes((text + System.lineSeparator()).getBytes(StandardCharsets.UTF_8));
            process.out().flush();
        }
    }

    /** Prints a part of the result, which contains its own line ends. */
    void printPart(String text) {
        clear();
        process.out().print(text);
    }

    /** Prints something that is not a result. */
    void error(String text) {
        clear();
        process.err().print(text);
    }

    /**
     * Reports what stopped a unit.
     *
     * @return the exit code: the given one if it is not success, otherwise that of the first problem
     */
    int report(UnitResult result, int code) {
        int found = report(result.problems(), code);
        if (result.bug() != null) {
            bug(result.unit(), result.bug());
            return 1;
        }
        return found;
    }

    /** Same as {@link #report(UnitResult, int)}, for a unit that was only read. */
    int report(List<Problem> problems, int code) {
        groups.render(problems).forEach(this::error);
        return code == 0 && !problems.isEmpty()
                ? ProblemText.exitCode(problems.getFirst().kind())
                : code;
    }

    /** Reports something that is allowed but probably not intended. */
    void warn(LintFinding finding) {
        if (!json) {
            error(ProblemText.renderWarning(finding.toProblem()));
        }
    }

    private void bug(String unit, Throwable bug) {
        error("error: a bug in talos-forge, in unit %s: %s%n".formatted(unit, bug));
        process.err().println("  try:   report it with the lines below; check them for secrets first");
        bug.printStackTrace(process.err());
    }

    /** Removes the running steps from a terminal. */
    void clear() {
        if (shown instanceof TerminalEvents terminal) {
            terminal.clear();
        }
    }
}
