package dev.talosforge.cli.command.tree;

import dev.talosforge.cli.session.ForgeCommand;
import dev.talosforge.cli.session.ProcessEnvironment;
import dev.talosforge.cli.session.Session;
import dev.talosforge.cli.text.ResultText;
import dev.talosforge.cli.words.BadOption;
import dev.talosforge.config.Workspace;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonText;
import dev.talosforge.pipeline.run.RunQueue;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "output",
        mixinStandardHelpOptions = true,
        description = "Prints the recorded outputs of the unit in the folder, or of every unit below it.",
        footer = {
            "",
            "Examples:",
            "  talos-forge -C infra/live/artifacts output",
            "  talos-forge -C infra/live/artifacts output images --raw installer_image",
            "  talos-forge -C infra/live/artifacts/registry output --json"
        })
public final class OutputCommand extends ForgeCommand {
    @Parameters(
            paramLabel = "[UNIT] [NAME]",
            hideParamSyntax = true,
            arity = "0..2",
            description = "UNIT: a unit's folder, relative to the working folder. NAME: print this output only.")
    List<String> words = new ArrayList<>();

    @Option(names = "--raw", description = "Print the text of one output, without quotes.")
    boolean raw;

    public OutputCommand(ProcessEnvironment process) {
        super(process);
    }

    @Override
    public Integer call() throws Exception {
        Session session = Session.open(process, global());
        Path unit = unit(session);
        String name = words.size() == 2 || (words.size() == 1 && unit == null) ? words.getLast() : null;
        Path at = session.directory(unit == null ? Path.of("") : unit);
        SequencedMap<String, SequencedMap<String, Json>> all =
                session.forge().outputs(at, RunQueue.all(1), session.json() || name != null);
        if (name == null) {
            if (raw) {
                throw BadOption.invalid("cannot print all outputs raw", "--raw prints a single output: name it");
            }
            show(session, at, all);
            return 0;
        }
        SequencedMap<String, Json> here = all.get(Workspace.nameOf(at));
        Json value = here == null ? null : here.get(name);
        if (value == null) {
            throw new BuildException(
                    Problem.failed(Problem.Kind.INVALID_INPUT, "cannot print the output \"%s\"".formatted(name))
                            .because(
                                    here == null || here.isEmpty()
                                            ? "nothing is recorded for this unit"
                                            : "recorded outputs: " + String.join(", ", here.keySet()))
                            .trying(here == null || here.isEmpty() ? "run: talos-forge apply" : null));
        }
        if (raw) {
            session.printRaw(rawText(name, value));
        } else {
            session.print(value.compact());
        }
        return 0;
    }

    /** The first of two words, or the only word if it cannot be the name of an output or is a folder. */
    private @Nullable Path unit(Session session) {
        if (words.isEmpty()) {
            return null;
        }
        String first = words.getFirst();
        boolean folder = first.contains("/") || first.startsWith(".");
        return words.size() == 2 || folder || isFolderOnly(session, first) ? Path.of(first) : null;
    }

    /** In a unit's folder, a word names an output; elsewhere it can be the folder of a unit. */
    private static boolean isFolderOnly(Session session, String word) {
        Path here = session.directory();
        return !session.isUnit(here) && session.isFolder(here.resolve(word));
    }

    /** As in Terraform: lists and maps have no raw form. */
    private static String rawText(String name, Json value) {
        return switch (value) {
            case JsonText(String text) -> text;
            case Json.JsonNumber _, Json.JsonBool _ -> value.compact();
            case Json.JsonNull _, Json.JsonArray _, Json.JsonObject _ ->
                throw BadOption.invalid(
                        "cannot print the output \"%s\" raw".formatted(name),
                        "it is not a string, number or bool: omit --raw");
        };
    }

    static void show(Session session, Path at, SequencedMap<String, SequencedMap<String, Json>> all) {
        if (session.json()) {
            Json.Builder units = Json.object();
            all.forEach((unit, outputs) -> units.put(unit, object(outputs)));
            session.print((all.size() == 1 && all.containsKey(Workspace.nameOf(at))
                            ? object(all.firstEntry().getValue())
                            : units.build())
                    .compact());
            return;
        }
        if (all.isEmpty()) {
            session.error("nothing is recorded yet: talos-forge apply records outputs\n");
        }
        all.forEach((unit, outputs) -> {
            if (!unit.equals(Workspace.nameOf(at))) {
                session.print(unit);
            }
            session.print(ResultText.outputs(outputs).stripTrailing());
        });
    }

    private static Json object(Map<String, Json> outputs) {
        Json.Builder object = Json.object();
        outputs.forEach(object::put);
        return object.build();
    }
}
