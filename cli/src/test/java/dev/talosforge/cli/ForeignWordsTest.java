package dev.talosforge.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.cli.session.ProcessEnvironment;
import dev.talosforge.cli.words.ForeignWords;
import dev.talosforge.cli.words.TerragruntAliases;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Commands and options of Terragrunt and OpenTofu: none of those that the real programs list is unknown. */
class ForeignWordsTest {
    private static final Path WORDS = Path.of("core/src/test/resources/terragrunt/words.txt");

    @TempDir
    Path folder;

    @BeforeEach
    void unit() throws IOException {
        for (String name : List.of("one", "two")) {
            Path unit = Files.createDirectories(folder.resolve(name)).resolve("terragrunt.hcl");
            Files.writeString(unit, "inputs = { a = 1 }\n");
        }
    }

    /** Program, kind, name and, of an option, whether it takes a value. */
    private static Stream<List<String>> words(String kind) {
        try {
            return Files.readAllLines(WORDS).stream()
                    .map(line -> List.of(line.split(" ", -1)))
                    .filter(word -> word.get(1).equals(kind));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static CommandLine commands() {
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        return Commands.build(new ProcessEnvironment(nowhere, nowhere, new TreeMap<>(), false), List.of());
    }

    @Test
    void everyOptionIsKnownOrAcceptedOrRefused() {
        TreeSet<String> known = new TreeSet<>();
        commands()
                .getSubcommands()
                .values()
                .forEach(command ->
                        command.getCommandSpec().options().forEach(option -> known.addAll(List.of(option.names()))));
        List<String> unknown = new ArrayList<>();
        words("option").forEach(word -> {
            ForeignWords.Unused unused = ForeignWords.option(word.get(2));
            boolean mapped =
                    unused == null && known.contains(TerragruntAliases.translate(new String[] {word.get(2)})[0]);
            if (!mapped && (unused == null || unused.value() != word.get(3).equals("value"))) {
                unknown.add(String.join(" ", word));
            }
        });
        assertEquals(List.of(), unknown);
        assertTrue(words("option").count() > 150);
    }

    @Test
    void everyCommandIsKnownOrAnsweredWithWhatToDo() {
        TreeSet<String> known = new TreeSet<>(commands().getSubcommands().keySet());
        List<String> unknown = words("command")
                .map(word -> word.get(2))
                .distinct()
                .filter(name -> !known.contains(name) && ForeignWords.command(name) == null)
                .toList();
        assertEquals(List.of(), unknown);
    }

    static Stream<List<String>> theirCommands() {
        return words("command").filter(word -> ForeignWords.command(word.get(2)) != null);
    }

    @ParameterizedTest
    @MethodSource("theirCommands")
    void theirCommandSaysWhy(List<String> word) {
        String name = word.get(2);
        CommandLineRun run = run(Map.of(), name, "-upgrade", "-lock=false");
        assertEquals(2, run.code());
        assertTrue(run.err().startsWith("error: there is no command \"%s\"\n  why:   ".formatted(name)), run::err);
        CommandLineRun all = run(Map.of(), "run", "--all", "--", name);
        assertEquals(2, all.code());
        assertTrue(all.err().startsWith("error: cannot run-all \"%s\"\n  why:   ".formatted(name)), all::err);
        assertFalse(all.err().contains("none of apply"), all::err);
    }

    @Test
    void whatHasNoEffectIsTaken() {
        List<String> given = new ArrayList<>(List.of("run-all", "validate"));
        for (String name :
                new TreeSet<>(words("option").map(word -> word.get(2)).toList())) {
            ForeignWords.Unused unused = ForeignWords.option(name);
            if (unused != null && unused.refusal() == null) {
                given.addAll(unused.value() ? List.of(name, "value") : List.of(name));
                given.add(unused.value() ? name + "=value" : name + "=false");
                if (name.startsWith("--")) {
                    given.addAll(
                            unused.value()
                                    ? List.of("--terragrunt-" + name.substring(2), "value")
                                    : List.of("--terragrunt-" + name.substring(2)));
                }
            }
        }
        assertTrue(given.size() > 100);
        CommandLineRun run = run(Map.of(), given.toArray(String[]::new));
        assertEquals(0, run.code(), run::err);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    --filter ./one | cannot use --filter | --queue-include-dir
                    --filter=./one | cannot use --filter | --queue-include-dir
                    --terragrunt-config x | cannot use --config | -C DIR
                    -target=module.a | cannot use -target | -C DIR
                    -out=plan | cannot use -out | plan --json
                    -var-file=x.tfvars | cannot use -var-file | --var
                    -destroy | cannot use -destroy | prune
                    --tf-path /bin/tofu | cannot use --tf-path | export TG_TF_PATH
                    """)
    void whatHasAnEffectIsRefused(String options, String what, String remedy) {
        List<String> given = new ArrayList<>(List.of("run-all", "plan"));
        given.addAll(List.of(options.split(" ", -1)));
        CommandLineRun run = run(Map.of(), given.toArray(String[]::new));
        assertEquals(2, run.code());
        assertTrue(run.err().startsWith("error: " + what + "\n"), run::err);
        assertTrue(run.err().contains(remedy), run::err);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--graph=false", "-destroy=false"})
    void whatIsSwitchedOffIsTaken(String option) {
        assertEquals(0, run(Map.of(), "run-all", "validate", option).code());
    }

    @Test
    void whatChoosesUnitsIsReadFromTheEnvironment() {
        assertEquals(List.of("one", "two"), units(Map.of()));
        assertEquals(List.of("one"), units(Map.of("TG_QUEUE_INCLUDE_DIR", "one")));
        assertEquals(List.of("two"), units(Map.of("TERRAGRUNT_QUEUE_EXCLUDE_DIR", "one,three")));
        CommandLineRun filtered = run(Map.of("TG_FILTER", "./one"), "run-all", "validate");
        assertEquals(2, filtered.code());
        assertTrue(filtered.err().contains("cannot use TG_FILTER"), filtered::err);
        CommandLineRun older = run(Map.of("TERRAGRUNT_CONFIG", "x.hcl"), "run-all", "validate");
        assertTrue(older.err().contains("cannot use TERRAGRUNT_CONFIG"), older::err);
        assertEquals(0, run(Map.of("TG_GRAPH", "false"), "run-all", "validate").code());
        CommandLineRun odd = run(Map.of("TG_PARALLELISM", "many"), "run-all", "validate");
        assertTrue(odd.err().contains("cannot use TG_PARALLELISM"), odd::err);
    }

    @Test
    void theFolderIsReadFromTheEnvironment() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        ProcessEnvironment process = new ProcessEnvironment(
                stream,
                stream,
                new TreeMap<>(Map.of("TG_WORKING_DIR", folder.toString(), "HOME", folder.toString())),
                false);
        assertEquals(0, Main.run(new String[] {"validate"}, process));
        assertTrue(out.toString(StandardCharsets.UTF_8).contains("2 units, no problems"), out::toString);
    }

    /** A link to a tree, or to a unit, is as good as that. */
    @Test
    void aLinkIsFollowed() throws IOException {
        Path links = Files.createDirectories(folder.resolve("links"));
        Path tree = Files.createSymbolicLink(links.resolve("tree"), folder);
        Path unit = Files.createSymbolicLink(links.resolve("unit"), folder.resolve("one"));
        assertTrue(CommandLineRun.in(tree, Map.of(), "validate").out().contains("2 units, no problems"));
        assertTrue(CommandLineRun.in(unit, Map.of(), "validate").out().contains("1 unit, no problems"));
        assertEquals("{\n  \"a\": 1\n}\n", run(Map.of(), "render", "links/unit").out());
        assertNotNull(tree);
    }

    private List<String> units(Map<String, String> environment) {
        CommandLineRun run = run(environment, "run-all", "validate");
        assertEquals(0, run.code(), run::err);
        return run.out()
                .lines()
                .filter(line -> line.contains("no module"))
                .map(line -> line.substring(0, line.indexOf(' ')))
                .toList();
    }

    private CommandLineRun run(Map<String, String> environment, String... args) {
        return CommandLineRun.in(folder, environment, args);
    }
}
