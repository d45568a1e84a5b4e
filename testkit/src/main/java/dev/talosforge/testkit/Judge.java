package dev.talosforge.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** A real program that says what is right. {@code make conformance} builds it from source; without it a test fails. */
public record Judge(String name, String version) {
    private static final Path TABLE = Path.of("scripts/judges.tsv");
    private static final Duration LIMIT = Duration.ofMinutes(3);

    /** What it printed and returned. */
    public record Result(int code, String out, String err) {}

    /** All of a name, in the order of the table. */
    public static List<Judge> all(String name) {
        try {
            List<Judge> judges = new ArrayList<>();
            for (String line : Files.readAllLines(TABLE)) {
                String[] columns = line.split("\t", -1);
                if (columns[0].equals(name)) {
                    judges.add(new Judge(name, columns[1]));
                }
            }
            if (judges.isEmpty()) {
                throw new AssertionError("no %s in %s".formatted(name, TABLE));
            }
            return judges;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Judge only(String name) {
        List<Judge> all = all(name);
        if (all.size() > 1) {
            throw new AssertionError("several %s in %s".formatted(name, TABLE));
        }
        return all.getFirst();
    }

    /** Where all of them are. */
    public static Path folder() {
        String folder = System.getenv("TALOS_FORGE_JUDGES");
        if (folder == null) {
            throw new AssertionError("TALOS_FORGE_JUDGES is not set: run make conformance");
        }
        return Path.of(folder);
    }

    public Path program() {
        return program(name);
    }

    /** One of several programs that are built together. */
    public Path program(String program) {
        Path file = folder().resolve(name + "-" + version).resolve(program);
        if (!Files.isExecutable(file)) {
            throw new AssertionError("there is no %s: run make conformance, which builds it".formatted(file));
        }
        return file;
    }

    /** Runs it in a folder, with nothing of this process's environment but the path. */
    public Result run(Path folder, SortedMap<String, String> environment, String... arguments) throws Exception {
        return run(name, folder, environment, arguments);
    }

    /** The same for one of several programs that are built together. */
    public Result run(String program, Path folder, SortedMap<String, String> environment, String... arguments)
            throws Exception {
        return run(program, LIMIT, folder, environment, arguments);
    }

    /** The same for one that takes its time. */
    public Result run(
            String program, Duration limit, Path folder, SortedMap<String, String> environment, String... arguments)
            throws Exception {
        List<String> command = new ArrayList<>(List.of(program(program).toString()));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile("judge", ".out");
        Path err = Files.createTempFile("judge", ".err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().putAll(new TreeMap<>(environment));
        builder.environment().put("PATH", String.valueOf(System.getenv("PATH")));
        builder.environment().put("PWD", folder.toString());
        Process process = builder.start();
        process.getOutputStream().close();
        if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("%s did not end: %s".formatted(name, command));
        }
        try {
            return new Result(
                    process.exitValue(),
                    Files.readString(out, StandardCharsets.UTF_8),
                    Files.readString(err, StandardCharsets.UTF_8));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    @Override
    public String toString() {
        return name + " " + version;
    }
}
