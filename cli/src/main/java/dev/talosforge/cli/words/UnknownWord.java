package dev.talosforge.cli.words;

import dev.talosforge.problem.NearestName;
import dev.talosforge.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** A word of the command line that is not a command or option: its message, and a suggestion. */
public final class UnknownWord {
    private UnknownWord() {}

    /**
     * Refuses help for an unknown command: picocli would print the help of the group, which describes something else.
     */
    public static void refuse(ParseResult parsed) {
        for (ParseResult at = parsed; at != null; at = at.hasSubcommand() ? at.subcommand() : null) {
            CommandSpec group = at.commandSpec();
            List<String> unmatched = at.unmatched();
            if (!group.subcommands().isEmpty() && !unmatched.isEmpty()) {
                throw new UnmatchedArgumentException(group.commandLine(), new ArrayList<>(unmatched));
            }
        }
    }

    /** The answer to a command of Terragrunt or Terraform, also after options; null if it is not one. */
    public static @Nullable Problem foreignCommand(UnmatchedArgumentException e) {
        return e.getCommandLine().getParent() != null
                ? null
                : e.getUnmatched().stream()
                        .filter(argument -> !argument.startsWith("-"))
                        .findFirst()
                        .map(ForeignWords::command)
                        .orElse(null);
    }

    private static @Nullable String command(UnmatchedArgumentException e) {
        String word = e.getUnmatched().isEmpty() ? "" : e.getUnmatched().getFirst();
        boolean group = !e.getCommandLine().getSubcommands().isEmpty();
        return group && !word.isEmpty() && !word.startsWith("-") ? word : null;
    }

    /** The reason. */
    public static String why(UnmatchedArgumentException e) {
        String command = command(e);
        CommandSpec group = e.getCommandLine().getCommandSpec();
        return command == null
                ? String.valueOf(e.getMessage())
                : group.parent() == null
                        ? "there is no command \"%s\"".formatted(command)
                        : "%s has no command \"%s\"".formatted(group.name(), command);
    }

    /** A suggestion if one of our names is similar; otherwise null. */
    public static @Nullable String suggestion(UnmatchedArgumentException e) {
        if (e.getUnmatched().isEmpty()) {
            return null;
        }
        CommandLine line = e.getCommandLine();
        String command = command(e);
        if (command == null) {
            String option = e.getUnmatched().getFirst().split("=", 2)[0];
            return option.startsWith("-")
                    ? NearestName.nearest(
                            option, line.getCommandSpec().optionsMap().keySet())
                    : null;
        }
        String near = NearestName.nearest(command, names(line));
        if (near != null) {
            return near;
        }
        for (String group : names(line)) {
            if (names(line.getSubcommands().get(group)).contains(command)) {
                return group + " " + command;
            }
        }
        return null;
    }

    private static List<String> names(@Nullable CommandLine group) {
        return group == null
                ? List.of()
                : group.getSubcommands().entrySet().stream()
                        .filter(command -> !command.getValue()
                                .getCommandSpec()
                                .usageMessage()
                                .hidden())
                        .map(java.util.Map.Entry::getKey)
                        .toList();
    }
}
