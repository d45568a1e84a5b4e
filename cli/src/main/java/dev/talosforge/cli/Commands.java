package dev.talosforge.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.HelpCommand;

/** The tree of commands. */
final class Commands {
    private Commands() {}

    /**
     * @param words what was typed: commands that another jar brings are looked for if one of them is named, or if no word
     *     is a command of the program's own
     */
    static CommandLine build(Surroundings surroundings, List<String> words) {
        CommandLine line = new CommandLine(new RootCommand())
                .addSubcommand(new TreeCommands.Validate(surroundings))
                .addSubcommand(new TreeCommands.Render(surroundings))
                .addSubcommand(new TreeCommands.GraphOf(surroundings))
                .addSubcommand(new RunCommands.Plan(surroundings))
                .addSubcommand(new RunCommands.Apply(surroundings))
                .addSubcommand(new RunCommands.RunAll(surroundings))
                .addSubcommand(new RunCommands.Run(surroundings))
                .addSubcommand(new StackCommand(surroundings))
                .addSubcommand(new StageCommand(surroundings))
                .addSubcommand(new OutputCommand(surroundings))
                .addSubcommand(new InspectCommand(surroundings))
                .addSubcommand(new TagsCommand(surroundings))
                .addSubcommand(new VerifyCommand(surroundings))
                .addSubcommand(new LockCommand(surroundings))
                .addSubcommand(new PruneCommand(surroundings))
                .addSubcommand(new CommandLine(new StoreCommand(surroundings))
                        .addSubcommand(new StoreCommand.Clean(surroundings)))
                .addSubcommand(new CommandLine(new DoctorCommand(surroundings))
                        .addSubcommand(new DoctorCommand.Vm(surroundings)))
                .addSubcommand(new CommandLine(new ExtensionCommands(surroundings))
                        .addSubcommand(new ExtensionCommands.New(surroundings)))
                .addSubcommand(new CommandLine(new ModuleCommands(surroundings))
                        .addSubcommand(new ModuleCommands.Write(surroundings)))
                .addSubcommand(new HelpCommand());
        if (words.stream().anyMatch(NotInstalled::isNamed)
                || words.stream()
                        .allMatch(word ->
                                word.equals("help") || !line.getSubcommands().containsKey(word))) {
            InstalledPacks.commands(surroundings).forEach(line::addSubcommand);
        }
        NotInstalled.without(line.getSubcommands().keySet(), surroundings).forEach(line::addSubcommand);
        line.setOut(new java.io.PrintWriter(surroundings.out(), true, java.nio.charset.StandardCharsets.UTF_8));
        line.setErr(new java.io.PrintWriter(surroundings.err(), true, java.nio.charset.StandardCharsets.UTF_8));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setUsageHelpAutoWidth(false);
        line.setUsageHelpWidth(110);
        return line;
    }
}
