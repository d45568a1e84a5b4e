package dev.talosforge.cli.text;

import dev.talosforge.problem.Remedy;
import dev.talosforge.problem.RunOption;
import dev.talosforge.problem.Verb;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Remedies, as typed into a shell. */
public final class RemedyText {
    private static final String PROGRAM = "talos-forge";

    /** A word that needs no quotes in a shell. */
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}_@%+=:,./~^…-]+");

    private RemedyText() {}

    public static String of(Remedy remedy) {
        return switch (remedy) {
            case Remedy.Text(String text) -> text;
            case Remedy.Command command -> command(command);
            case Remedy.Give(RunOption option, String value) -> option(option, value);
            case Remedy.Install(String name) -> "apt-get install " + name;
            case Remedy.Export(String name, String value) ->
                value == null ? name : "export " + name + "=" + word(value);
            case Remedy.Write(String into, String line) -> "write into " + into + ": " + line;
            case Remedy.Sentence(List<Remedy> parts) ->
                parts.stream().map(RemedyText::of).collect(Collectors.joining());
            case Remedy.Choice(List<Remedy> ways) ->
                ways.stream().map(RemedyText::of).collect(Collectors.joining(Remedy.OR));
        };
    }

    /** A text, followed by its remedy. */
    static String withRemedy(String text, @Nullable Remedy remedy) {
        return remedy == null ? text : text + "; " + of(remedy);
    }

    private static String command(Remedy.Command command) {
        List<String> words = new ArrayList<>(List.of(PROGRAM));
        if (command.folder() != null) {
            words.add("-C " + word(command.folder()));
        }
        command.options().stream()
                .filter(RemedyText::isFirst)
                .map(RemedyText::of)
                .forEach(words::add);
        if (command.all()) {
            words.add("run-all");
        }
        words.add(command.verb() == Verb.SAME ? "…" : command.verb().word());
        command.options().stream()
                .filter(option -> !isFirst(option))
                .map(RemedyText::of)
                .forEach(words::add);
        command.arguments().forEach(argument -> words.add(word(argument)));
        return String.join(" ", words);
    }

    /** Whether the option selects the tree, as {@code -C} does. */
    private static boolean isFirst(Remedy.Give option) {
        return option.option() == RunOption.WORKSPACE;
    }

    private static String option(RunOption option, @Nullable String value) {
        return switch (option) {
            case HEAP -> "TALOS_FORGE_HEAP=%s %s …".formatted(value, PROGRAM);
            case STACK -> "TALOS_FORGE_JAVA_OPTS=-Xss%s %s …".formatted(value, PROGRAM);
            default -> value == null ? name(option) : name(option) + " " + word(value);
        };
    }

    private static String name(RunOption option) {
        return switch (option) {
            case VARIABLE -> "--var";
            case TARGET -> "--dir";
            default -> "--" + option.word().replace(' ', '-');
        };
    }

    private static String word(String text) {
        return WORD.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
