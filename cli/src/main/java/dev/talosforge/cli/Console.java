package dev.talosforge.cli;

import dev.talosforge.cli.text.JsonEvents;
import dev.talosforge.cli.text.ProblemGroups;
import dev.talosforge.cli.text.ProblemText;
import dev.talosforge.cli.text.TerminalEvents;
import dev.talosforge.engine.Events;
import dev.talosforge.pipeline.lint.LintFinding;
import dev.talosforge.pipeline.run.UnitResult;
import dev.talosforge.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What one command says: results, what happens, and what went wrong. */
final class Console {
    private final Surroundings surroundings;
    private final Events events;
    private final boolean json;
    /** A file that several units read is broken once. */
    private final ProblemGroups told = new ProblemGroups();

    Console(Surroundings surroundings, Global global) {
        this.surroundings = surroundings;
        this.json = global.json;
        this.events = json
                ? new JsonEvents(surroundings.err(), System::nanoTime)
                : new TerminalEvents(surroundings.err(), surroundings.terminal(), global.verbose, System::nanoTime);
    }

    Events events() {
        return events;
    }

    /** A line of the result. */
    void print(String text) {
        clear();
        surroundings.out().println(text);
    }

    /** A line of the result as it is, for whoever reads it from a pipe; on a terminal nothing steers that. */
    void printRaw(String text) {
        if (surroundings.terminal()) {
            print(text);
        } else {
            clear();
            surroundings.out().writeBytes((text + System.lineSeparator()).getBytes(StandardCharsets.UTF_8));
            surroundings.out().flush();
        }
    }

    /** A part of the result, which ends its lines itself. */
    void printPart(String text) {
        clear();
        surroundings.out().print(text);
    }

    /** Something that is no result. */
    void error(String text) {
        clear();
        surroundings.err().print(text);
    }

    /**
     * Says what stopped a unit.
     *
     * @return the exit code: the one given when it is no success, else that of the first problem
     */
    int tell(UnitResult result, int code) {
        int found = tell(result.problems(), code);
        if (result.bug() != null) {
            bug(result.unit(), result.bug());
            return 1;
        }
        return found;
    }

    /** As {@link #tell(UnitResult, int)}, of a unit that was only looked at. */
    int tell(List<Problem> problems, int code) {
        told.render(problems).forEach(this::error);
        return code == 0 && !problems.isEmpty()
                ? ProblemText.exitCode(problems.getFirst().kind())
                : code;
    }

    /** Something that is allowed, and hardly meant. */
    void warn(LintFinding finding) {
        if (!json) {
            error(ProblemText.renderWarning(finding.toProblem()));
        }
    }

    private void bug(String unit, Throwable bug) {
        error("error: a bug in talos-forge, in unit %s: %s%n".formatted(unit, bug));
        surroundings.err().println("  try:   report it with the lines below; check them for secrets first");
        bug.printStackTrace(surroundings.err());
    }

    /** Removes what a terminal shows of what is under way. */
    void clear() {
        if (events instanceof TerminalEvents terminal) {
            terminal.clear();
        }
    }
}
