package dev.talosforge.cli;

import dev.talosforge.cli.text.PlainPrintStream;
import java.io.InputStream;
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
public record Surroundings(
        InputStream in,
        PrintStream out,
        PrintStream err,
        Map<String, String> environment,
        boolean terminal,
        Opened opened) {
    public Surroundings {
        out = PlainPrintStream.over(out);
        err = PlainPrintStream.over(err);
    }

    public Surroundings(PrintStream out, PrintStream err, Map<String, String> environment, boolean terminal) {
        this(InputStream.nullInputStream(), out, err, environment, terminal, new Opened());
    }
}
