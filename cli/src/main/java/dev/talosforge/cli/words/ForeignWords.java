package dev.talosforge.cli.words;

import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Commands and options of Terragrunt, Terraform and OpenTofu that talos-forge does not have: options without effect
 * here are accepted, others are refused with a reason.
 */
public final class ForeignWords {
    private static final String OLDER = "--terragrunt-";

    /** The options that select what is run and that Terragrunt also reads from the environment. */
    private static final List<String> CHOOSING = List.of(
            "--config",
            "--filter",
            "--filter-affected",
            "--filters-file",
            "--graph",
            "--queue-excludes-file",
            "--queue-include-units-reading",
            "--units-that-include");

    private static final SortedMap<String, Unused> OPTIONS = options();
    private static final SortedMap<String, Problem> COMMANDS = commands();

    private ForeignWords() {}

    /**
     * An option that has no use here.
     *
     * @param value whether a value follows it
     * @param refusal null if it is accepted without effect
     */
    public record Unused(boolean value, @Nullable Problem refusal) {}

    /** Returns an option of theirs by its name without a value; null if it is ours or unknown. */
    public static @Nullable Unused option(String name) {
        return OPTIONS.get(name.startsWith(OLDER) ? "--" + name.substring(OLDER.length()) : name);
    }

    /** Returns why a command of theirs cannot be run; null if the name is not a command of theirs. */
    public static @Nullable Problem command(String name) {
        return COMMANDS.get(name);
    }

    /** Refuses variables that would select what is run. */
    public static void check(SortedMap<String, String> environment) {
        for (String option : CHOOSING) {
            String name = option.substring(2).replace('-', '_').toUpperCase(Locale.ROOT);
            String value = new TerragruntVariables(environment).text(name);
            Problem refusal =
                    Objects.requireNonNull(OPTIONS.get(option), option).refusal();
            if (value != null && !value.equals("false") && refusal != null) {
                String variable = (environment.containsKey("TG_" + name) ? "TG_" : "TERRAGRUNT_") + name;
                throw new BuildException(Problem.failed(refusal.kind(), "cannot use " + variable)
                        .because(refusal.why())
                        .trying(refusal.remedy()));
            }
        }
    }

    private static SortedMap<String, Unused> options() {
        SortedMap<String, Unused> options = new TreeMap<>();
        for (List<String> row : rows("options.tsv", 4)) {
            String name = row.getFirst();
            Problem refusal = row.get(2).isEmpty() ? null : refused("cannot use " + name, row.get(2), row.get(3));
            options.put(name, new Unused(row.get(1).equals("value"), refusal));
        }
        return Collections.unmodifiableSortedMap(options);
    }

    private static SortedMap<String, Problem> commands() {
        SortedMap<String, Problem> commands = new TreeMap<>();
        for (List<String> row : rows("commands.tsv", 3)) {
            commands.put(
                    row.getFirst(),
                    refused("there is no command \"%s\"".formatted(row.getFirst()), row.get(1), row.get(2)));
        }
        return Collections.unmodifiableSortedMap(commands);
    }

    private static Problem refused(String what, String why, String remedy) {
        return Problem.failed(Problem.Kind.INVALID_INPUT, what).because(why).trying(remedy.isEmpty() ? null : remedy);
    }

    private static List<List<String>> rows(String file, int columns) {
        try (InputStream in = Objects.requireNonNull(ForeignWords.class.getResourceAsStream(file), file);
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            List<List<String>> rows = lines.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> List.of(line.split("\t", -1)))
                    .toList();
            if (rows.stream().anyMatch(row -> row.size() != columns)) {
                throw new IllegalStateException(file + " has a row of another length");
            }
            return rows;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
