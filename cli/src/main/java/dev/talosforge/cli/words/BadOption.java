package dev.talosforge.cli.words;

import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;

/** Problems with the arguments or variables of a command. */
public final class BadOption {
    private BadOption() {}

    public static BuildException invalid(String what, String why) {
        return new BuildException(
                Problem.failed(Problem.Kind.INVALID_INPUT, what).because(why));
    }
}
