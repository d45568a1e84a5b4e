package dev.talosforge.lab.command;

import dev.talosforge.cli.session.CommandPack;
import dev.talosforge.cli.session.Surroundings;
import java.util.List;
import picocli.CommandLine;

/** The lab's commands; the command line finds them as a service in {@code META-INF/services}. */
public final class LabPack implements CommandPack {
    @Override
    public List<CommandLine> commands(Surroundings surroundings) {
        CommandLine lab = new CommandLine(new LabCommands(surroundings))
                .addSubcommand(new LabCommands.Up(surroundings))
                .addSubcommand(new LabCommands.Down(surroundings))
                .addSubcommand(new LabCommands.Status(surroundings))
                .addSubcommand(new LabFaultCommand(surroundings))
                .addSubcommand(new LabCommands.Serve(surroundings));
        return List.of(
                lab, new CommandLine(new BootCommand(surroundings)), new CommandLine(new WarmUpCommand(surroundings)));
    }
}
