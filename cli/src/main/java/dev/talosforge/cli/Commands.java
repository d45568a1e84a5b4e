package dev.talosforge.cli;

import dev.talosforge.cli.command.images.InspectCommand;
import dev.talosforge.cli.command.images.StageCommand;
import dev.talosforge.cli.command.images.TagsCommand;
import dev.talosforge.cli.command.images.VerifyCommand;
import dev.talosforge.cli.command.tree.ExtensionCommands;
import dev.talosforge.cli.command.tree.ModuleCommands;
import dev.talosforge.cli.command.tree.OutputCommand;
import dev.talosforge.cli.command.tree.RunCommands;
import dev.talosforge.cli.command.tree.StackCommand;
import dev.talosforge.cli.command.tree.TreeCommands;
import dev.talosforge.cli.command.upkeep.DoctorCommand;
import dev.talosforge.cli.command.upkeep.LockCommand;
import dev.talosforge.cli.command.upkeep.PruneCommand;
import dev.talosforge.cli.command.upkeep.StoreCommand;
import dev.talosforge.cli.session.ProcessEnvironment;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.HelpCommand;

/** The tree of commands. */
final class Commands {
    private Commands() {}

    /**
     * @param words what was typed: commands that another jar brings are looked for if one of them is named, or if no
     *     word is a command of the program's own
     */
    static CommandLine build(ProcessEnvironment process, List<String> words) {
        CommandLine line = new CommandLine(new RootCommand(process))
                .addSubcommand(new TreeCommands.Validate(process))
                .addSubcommand(new TreeCommands.Render(process))
                .addSubcommand(new TreeCommands.GraphOf(process))
                .addSubcommand(new RunCommands.Plan(process))
                .addSubcommand(new RunCommands.Apply(process))
                .addSubcommand(new RunCommands.RunAll(process))
                .addSubcommand(new RunCommands.Run(process))
                .addSubcommand(new StackCommand(process))
                .addSubcommand(new StageCommand(process))
                .addSubcommand(new OutputCommand(process))
                .addSubcommand(new InspectCommand(process))
                .addSubcommand(new TagsCommand(process))
                .addSubcommand(new VerifyCommand(process))
                .addSubcommand(new LockCommand(process))
                .addSubcommand(new PruneCommand(process))
                .addSubcommand(
                        new CommandLine(new StoreCommand(process)).addSubcommand(new StoreCommand.Clean(process)))
                .addSubcommand(new CommandLine(new DoctorCommand(process)).addSubcommand(new DoctorCommand.Vm(process)))
                .addSubcommand(new CommandLine(new ExtensionCommands(process))
                        .addSubcommand(new ExtensionCommands.New(process)))
                .addSubcommand(
                        new CommandLine(new ModuleCommands(process)).addSubcommand(new ModuleCommands.Write(process)))
                .addSubcommand(new HelpCommand());
        if (words.stream().anyMatch(NotInstalled::isNamed)
                || words.stream()
                        .allMatch(word ->
                                word.equals("help") || !line.getSubcommands().containsKey(word))) {
            InstalledPacks.commands(process).forEach(line::addSubcommand);
        }
        NotInstalled.without(line.getSubcommands().keySet(), process).forEach(line::addSubcommand);
        line.setOut(new java.io.PrintWriter(process.out(), true, java.nio.charset.StandardCharsets.UTF_8));
        line.setErr(new java.io.PrintWriter(process.err(), true, java.nio.charset.StandardCharsets.UTF_8));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setUsageHelpAutoWidth(false);
        line.setUsageHelpWidth(110);
        return line;
    }
}
