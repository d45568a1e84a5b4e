package dev.talosforge.cli;

import dev.talosforge.cli.session.ProcessEnvironment;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** A placeholder for a command of the lab, in lists of commands and if the lab is not installed. */
@Command
final class NotInstalled implements Callable<Integer> {
    /** A command and its description in lists. */
    private record Name(String name, String description) {}

    private static final List<Name> NAMES = List.of(
            new Name(
                    "lab", "A registry, a Proxmox endpoint and a stand-in for Talos, on loopback, to try things with."),
            new Name("boot", "Boots an ISO in QEMU and reports what came up."));

    private final String name;
    private final ProcessEnvironment process;

    private NotInstalled(String name, ProcessEnvironment process) {
        this.name = name;
        this.process = process;
    }

    /** Placeholders for the lab's commands that are not installed, in the order of lists. */
    static List<CommandLine> without(Set<String> installed, ProcessEnvironment process) {
        return NAMES.stream()
                .filter(name -> !installed.contains(name.name))
                .map(name -> command(name, process))
                .toList();
    }

    /** Whether a word is the name of such a command. */
    static boolean isNamed(String word) {
        return NAMES.stream().anyMatch(name -> name.name.equals(word));
    }

    private static CommandLine command(Name name, ProcessEnvironment process) {
        CommandLine command = new CommandLine(new NotInstalled(name.name, process));
        command.setCommandName(name.name);
        command.getCommandSpec().usageMessage().description(name.description);
        command.setUnmatchedArgumentsAllowed(true); // its options are unknown here
        return command;
    }

    @Override
    public Integer call() {
        Path jar = InstalledPacks.jar(process.environment());
        throw new BuildException(Problem.failed(Problem.Kind.ENVIRONMENT, "cannot run talos-forge " + name)
                .because("the lab, a separate part, is not installed" + (jar == null ? "" : ": there is no " + jar))
                .trying("run make lab in the source tree of this version, then copy target/lab beside"
                        + " talos-forge.jar or export TALOS_FORGE_LAB=FILE"));
    }
}
