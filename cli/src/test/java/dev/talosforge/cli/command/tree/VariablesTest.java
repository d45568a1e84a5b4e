package dev.talosforge.cli.command.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.talosforge.cli.CommandLineRun;
import dev.talosforge.cli.session.GlobalOptions;
import dev.talosforge.cli.session.ProcessEnvironment;
import dev.talosforge.cli.session.Session;
import dev.talosforge.engine.Graph.OnFailure;
import dev.talosforge.pipeline.run.RunSettings;
import dev.talosforge.problem.BuildException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Variables of Terragrunt and Terraform that docs/cli.md promises: each does what it says. */
class VariablesTest {
    private static final Path DOCUMENT = Path.of("docs/cli.md");
    private static final Pattern NAME = Pattern.compile("`((?:TG|TF)_[A-Z_]+)(?:name)?`");

    /** These stop a run-all, as the table says. */
    private static final List<String> REFUSED = List.of("TG_FILTER", "TG_GRAPH", "TG_CONFIG");

    /** Told to hooks only, and tested with them. */
    private static final List<String> OF_HOOKS = List.of("TG_TF_PATH");

    /** A value, what is looked at, and what it is then; without the variable it is something else. */
    private record Effect(String value, Function<SortedMap<String, String>, Object> look, Object seen) {}

    @TempDir
    Path folder;

    private Map<String, Effect> effects() {
        return new TreeMap<>(Map.ofEntries(
                Map.entry("TG_WORKING_DIR", new Effect(folder.toString(), this::directory, folder)),
                Map.entry("TG_ALL", new Effect("1", this::applied, 0)),
                Map.entry("TG_PARALLELISM", new Effect("7", of(one -> one.parallelism()), 7)),
                Map.entry("TG_FAIL_FAST", new Effect("true", of(one -> one.onFailure()), OnFailure.STOP)),
                Map.entry("TG_QUEUE_IGNORE_ERRORS", new Effect("t", of(one -> one.onFailure()), OnFailure.CARRY_ON)),
                Map.entry("TG_QUEUE_INCLUDE_DIR", new Effect("a,b", of(one -> one.include()), List.of("a", "b"))),
                Map.entry("TG_QUEUE_STRICT_INCLUDE", new Effect("True", of(one -> one.strict()), true)),
                Map.entry("TG_QUEUE_EXCLUDE_DIR", new Effect("a,b", of(one -> one.exclude()), List.of("a", "b"))),
                Map.entry(
                        "TG_REPORT_FILE",
                        new Effect("r.json", environment -> String.valueOf(options(environment).report), "r.json")),
                Map.entry("TG_NO_AUTO_RETRY", new Effect("true", run(one -> one.retries()), false)),
                Map.entry("TG_NO_HOOKS", new Effect("true", run(one -> one.hooks()), false)),
                Map.entry("TG_FEATURE", new Effect("a=1,b=2", run(one -> one.features()), Map.of("a", "1", "b", "2"))),
                Map.entry("TF_WORKSPACE", new Effect("test", run(one -> String.valueOf(one.workspace())), "test")),
                Map.entry(
                        "TF_VAR_",
                        new Effect("1", run(one -> one.overrides().keySet()), new TreeSet<>(List.of("name"))))));
    }

    private static ProcessEnvironment process(SortedMap<String, String> environment) {
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        return new ProcessEnvironment(nowhere, nowhere, environment, false);
    }

    private Object directory(SortedMap<String, String> environment) {
        return Session.open(process(environment), new GlobalOptions()).directory();
    }

    /** The folder is no unit itself. */
    private Object applied(SortedMap<String, String> environment) {
        SortedMap<String, String> all = new TreeMap<>(environment);
        all.put("TALOS_FORGE_STORE", folder.resolve("store").toString());
        return CommandLineRun.in(folder, all, "run", "apply").code();
    }

    private static QueueOptions options(SortedMap<String, String> environment) {
        QueueOptions options = new QueueOptions();
        options.complete(environment);
        return options;
    }

    private static Function<SortedMap<String, String>, Object> of(
            Function<dev.talosforge.pipeline.run.RunQueue, Object> look) {
        return environment -> look.apply(options(environment).queue());
    }

    private static Function<SortedMap<String, String>, Object> run(Function<RunSettings, Object> look) {
        return environment -> look.apply(
                Session.open(process(environment), new GlobalOptions()).runSettings());
    }

    @BeforeEach
    void units() throws IOException {
        for (String name : List.of("one", "two")) {
            Files.writeString(
                    Files.createDirectories(folder.resolve(name)).resolve("terragrunt.hcl"), "inputs = { a = 1 }\n");
        }
    }

    private static List<String> rows() throws IOException {
        return Files.readAllLines(DOCUMENT).stream()
                .filter(line -> line.startsWith("| `TG_") || line.startsWith("| `TF_"))
                .toList();
    }

    private static List<String> names(String row) {
        return NAME.matcher(row)
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
    }

    @Test
    void eachThatIsPromisedDoesWhatItSays() throws IOException {
        List<String> checked = new ArrayList<>();
        for (String row : rows()) {
            for (String name : names(row)) {
                Effect effect = effects().get(name);
                if (effect == null) {
                    continue;
                }
                List<String> spellings = row.contains("`TERRAGRUNT_…`") || name.equals("TG_FEATURE")
                        ? List.of(name, name.replace("TG_", "TERRAGRUNT_"))
                        : List.of(name);
                for (String spelling : spellings) {
                    String variable = spelling.equals("TF_VAR_") ? "TF_VAR_name" : spelling;
                    assertEquals(
                            effect.seen(),
                            effect.look().apply(new TreeMap<>(Map.of(variable, effect.value()))),
                            variable);
                }
                checked.add(name);
            }
        }
        TreeSet<String> promised = new TreeSet<>();
        for (String row : rows()) {
            promised.addAll(names(row));
        }
        promised.removeAll(REFUSED);
        promised.removeAll(OF_HOOKS);
        assertEquals(promised, new TreeSet<>(checked));
        assertEquals(new TreeSet<>(effects().keySet()), new TreeSet<>(checked));
    }

    @Test
    void withoutThemItIsNotSo() {
        effects().forEach((name, effect) -> {
            if (!name.equals("TG_WORKING_DIR")) {
                assertEquals(
                        false,
                        effect.seen().equals(effect.look().apply(new TreeMap<>())),
                        "nothing looked at: " + name);
            }
        });
    }

    @Test
    void whatChoosesTheUnitsIsRefused() {
        for (String name : REFUSED) {
            BuildException refused =
                    assertThrows(BuildException.class, () -> options(new TreeMap<>(Map.of(name, "x"))));
            assertEquals("cannot use " + name, refused.problems().getFirst().what());
        }
    }

    /** As Terragrunt 1.1.3 and 0.96.1, which end with: invalid value "yes" for env var TG_NO_AUTO_RETRY. */
    @Test
    void whatIsNoTruthValueIsRefused() {
        for (String name : List.of("TG_NO_HOOKS", "TERRAGRUNT_NO_AUTO_RETRY")) {
            BuildException refused =
                    assertThrows(BuildException.class, () -> run(one -> one).apply(new TreeMap<>(Map.of(name, "yes"))));
            assertEquals(
                    "cannot use %s: \"yes\" is neither true nor false".formatted(name),
                    refused.problems().getFirst().what()
                            + ": "
                            + refused.problems().getFirst().why());
        }
        assertEquals(true, run(one -> one.hooks()).apply(new TreeMap<>(Map.of("TG_NO_HOOKS", ""))));
    }

    /** A tree that asks for a variable gets what the user set, and not what an option means. */
    @Test
    void anOptionIsNoVariable() {
        GlobalOptions global = CommandLine.populateCommand(new GlobalOptions(), "--no-auto-retry");
        RunSettings settings =
                Session.open(process(new TreeMap<>(Map.of("A", "b"))), global).runSettings();
        assertEquals(Map.of("A", "b"), settings.environment());
        assertEquals(false, settings.retries());
    }
}
