package dev.talosforge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.talosforge.cli.session.ProcessEnvironment;
import dev.talosforge.tree.DiskTree;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a command printed and returned. */
public record CommandLineRun(int code, String out, String err) {
    /** For commands that are given no home: without one, a store would be opened in the source tree. */
    private static final String HOME = home().toString();

    private static Path home() {
        try {
            Path home = Files.createTempDirectory("talos-forge-home");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                try {
                    DiskTree.delete(home);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }));
            return home;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a command in a folder, in this process. */
    public static CommandLineRun in(Path folder, Map<String, String> environment, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Map<String, String> variables = new TreeMap<>(environment);
        variables.putIfAbsent("HOME", HOME);
        List<String> all = new ArrayList<>(List.of("-C", folder.toString()));
        all.addAll(List.of(args));
        int code = Main.run(
                all.toArray(String[]::new),
                new ProcessEnvironment(
                        new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), variables, false));
        return new CommandLineRun(code, out.toString(UTF_8), err.toString(UTF_8));
    }

    /** With paths from the folder. */
    public CommandLineRun withoutFolder(Path folder) {
        return new CommandLineRun(code, out.replace(folder + "/", ""), err.replace(folder + "/", ""));
    }
}
