package dev.talosforge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.talosforge.cli.session.ProcessEnvironment;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a command printed and returned. */
public record CommandLineRun(int code, String out, String err) {
    /** Runs a command in a folder, in this process. */
    public static CommandLineRun in(Path folder, Map<String, String> environment, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        List<String> all = new ArrayList<>(List.of("-C", folder.toString()));
        all.addAll(List.of(args));
        int code = Main.run(
                all.toArray(String[]::new),
                new ProcessEnvironment(
                        new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), environment, false));
        return new CommandLineRun(code, out.toString(UTF_8), err.toString(UTF_8));
    }

    /** With paths from the folder. */
    public CommandLineRun withoutFolder(Path folder) {
        return new CommandLineRun(code, out.replace(folder + "/", ""), err.replace(folder + "/", ""));
    }
}
