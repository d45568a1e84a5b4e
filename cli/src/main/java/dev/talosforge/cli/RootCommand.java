package dev.talosforge.cli;

import dev.talosforge.cli.session.ForgeCommand;
import dev.talosforge.cli.session.ProcessEnvironment;
import dev.talosforge.cli.session.ProgramVersion;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** The program without a command. */
@Command(
        name = "talos-forge",
        mixinStandardHelpOptions = true,
        versionProvider = ProgramVersion.class,
        description = "Builds and publishes Talos Linux images from a Terragrunt-style tree.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Examples:",
            "  talos-forge -C infra/live/artifacts run-all apply",
            "  talos-forge -C infra/live/artifacts/images plan",
            "  talos-forge boot --uefi build/talos-iso/talos-v1.11.5-nocloud-amd64.iso",
            "",
            "Exit codes: 0 done, 1 bug, 2 input, 3 not supported, 4 bad artifact, 5 environment, 6 refused,",
            "7 unavailable, 130 interrupted."
        })
final class RootCommand extends ForgeCommand {
    RootCommand(ProcessEnvironment process) {
        super(process);
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "missing command");
    }
}
