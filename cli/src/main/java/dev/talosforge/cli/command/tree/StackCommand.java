package dev.talosforge.cli.command.tree;

import dev.talosforge.cli.session.ForgeCommand;
import dev.talosforge.cli.session.ProcessEnvironment;
import dev.talosforge.cli.session.Session;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Terragrunt's commands for stacks. Units of stacks are ordinary units, so most of these commands are aliases. */
@Command(
        name = "stack",
        mixinStandardHelpOptions = true,
        description = "Terragrunt's spelling: stack run COMMAND is run-all COMMAND, stack output is run-all output.",
        footer = {"", "Example:", "  talos-forge -C infra/live stack run plan"})
public final class StackCommand extends ForgeCommand {
    @Parameters(paramLabel = "WORD", arity = "1..2", description = "run apply, run plan, run validate or output.")
    List<String> words = new ArrayList<>();

    @Mixin
    QueueOptions options = new QueueOptions();

    public StackCommand(ProcessEnvironment process) {
        super(process);
    }

    @Override
    public Integer call() throws Exception {
        Session session = Session.open(process, global());
        boolean run = words.getFirst().equals("run") && words.size() == 2;
        if (run || words.equals(List.of("output"))) {
            return RunCommands.runAll(session, words.getLast(), options);
        }
        boolean writes = List.of("generate", "clean").contains(words.getFirst());
        throw new BuildException(Problem.failed(
                        writes ? Problem.Kind.NOT_SUPPORTED : Problem.Kind.INVALID_INPUT,
                        "cannot stack \"%s\"".formatted(String.join(" ", words)))
                .because(
                        writes
                                ? "units of stacks are read where Terragrunt would generate them; nothing needs to be generated"
                                : "it is not run COMMAND or output")
                .trying(
                        writes
                                ? "skip it, and run: talos-forge run-all plan   (for Terragrunt itself: terragrunt stack %s)"
                                        .formatted(words.getFirst())
                                : "run: talos-forge stack --help"));
    }
}
