package dev.talosforge.cli.session;

import dev.talosforge.cli.text.PlainPrintStream;
import java.io.PrintStream;
import java.util.Map;

/**
 * What the program may know about its process.
 *
 * @param in what another program hands to it
 * @param environment of the process, sorted
 * @param terminal whether the output goes to a terminal
 * @param opened collects what has to be closed after a command
 */
public record ProcessEnvironment(
        StandardInput in,
        PrintStream out,
        PrintStream err,
        Map<String, String> environment,
        boolean terminal,
        OpenTransports opened) {
    public ProcessEnvironment {
        out = PlainPrintStream.over(out);
        err = PlainPrintStream.over(err);
    }

    public ProcessEnvironment(PrintStream out, PrintStream err, Map<String, String> environment, boolean terminal) {
        this(StandardInput.none(), out, err, environment, terminal, new OpenTransports());
    }
}
