package dev.talosforge.lab.command;

import dev.talosforge.cli.session.CommandPack;
import dev.talosforge.cli.session.ProcessEnvironment;
import java.util.List;
import picocli.CommandLine;

/** The lab's commands; the command line finds them as a service in {@code META-INF/services}. */
public final class LabPack implements CommandPack {
    @Override
    public List<CommandLine> commands(ProcessEnvironment process) {
        CommandLine lab = new CommandLine(new LabCommands(process))
                .addSubcommand(new LabCommands.Up(process))
                .addSubcommand(new LabCommands.Down(process))
                .addSubcommand(new LabCommands.Status(process))
                .addSubcommand(new LabFaultCommand(process))
                .addSubcommand(new LabCommands.Serve(process));
        return List.of(lab, new CommandLine(new BootCommand(process)), new CommandLine(new WarmUpCommand(process)));
    }
}
