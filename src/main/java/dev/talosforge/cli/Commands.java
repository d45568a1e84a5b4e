package dev.talosforge.cli;

import dev.talosforge.cli.Main.Surroundings;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The tree of commands. */
final class Commands {
    private Commands() {}

    static CommandLine build(Surroundings surroundings) {
        Root root = new Root();
        CommandLine line = new CommandLine(root)
                .addSubcommand(new TreeCommands.Validate(surroundings))
                .addSubcommand(new TreeCommands.Render(surroundings))
                .addSubcommand(new TreeCommands.GraphOf(surroundings))
                .addSubcommand(new RunCommands.Plan(surroundings))
                .addSubcommand(new RunCommands.Apply(surroundings))
                .addSubcommand(new RunCommands.RunAll(surroundings))
                .addSubcommand(new RunCommands.Run(surroundings))
                .addSubcommand(new StackCommand(surroundings))
                .addSubcommand(new OutputCommand(surroundings))
                .addSubcommand(new InspectCommand(surroundings))
                .addSubcommand(new TagsCommand(surroundings))
                .addSubcommand(new VerifyCommand(surroundings))
                .addSubcommand(new LockCommand(surroundings))
                .addSubcommand(new BootCommand(surroundings))
                .addSubcommand(new PruneCommand(surroundings))
                .addSubcommand(new CommandLine(new DoctorCommand(surroundings))
                        .addSubcommand(new DoctorCommand.Vm(surroundings)))
                .addSubcommand(new CommandLine(new LabCommands(surroundings))
                        .addSubcommand(new LabCommands.Up(surroundings))
                        .addSubcommand(new LabCommands.Down(surroundings))
                        .addSubcommand(new LabCommands.Status(surroundings))
                        .addSubcommand(new LabFaultCommand(surroundings))
                        .addSubcommand(new LabCommands.Serve(surroundings)))
                .addSubcommand(new CommandLine(new ExtensionCommands(surroundings))
                        .addSubcommand(new ExtensionCommands.New(surroundings)))
                .addSubcommand(new WarmUpCommand(surroundings))
                .addSubcommand(new HelpCommand());
        line.setOut(new java.io.PrintWriter(surroundings.out(), true, java.nio.charset.StandardCharsets.UTF_8));
        line.setErr(new java.io.PrintWriter(surroundings.err(), true, java.nio.charset.StandardCharsets.UTF_8));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setUsageHelpAutoWidth(false);
        line.setUsageHelpWidth(110);
        return line;
    }

    /** Options shared by all commands may stand before the command: {@code talos-forge -C DIR plan}. */
    static Global merge(Global before, Global behind) {
        Global merged = new Global();
        merged.directory = behind.directory.toString().isEmpty() ? before.directory : behind.directory;
        merged.json = before.json || behind.json;
        merged.verbose = before.verbose || behind.verbose;
        merged.fresh = before.fresh || behind.fresh;
        merged.noPush = before.noPush || behind.noPush;
        merged.noHooks = before.noHooks || behind.noHooks;
        merged.noRetry = before.noRetry || behind.noRetry;
        merged.overwriteTag = before.overwriteTag || behind.overwriteTag;
        merged.store = behind.store == null ? before.store : behind.store;
        merged.workspace = behind.workspace == null ? before.workspace : behind.workspace;
        merged.locked = before.locked || behind.locked;
        merged.lockFile = behind.lockFile == null ? before.lockFile : behind.lockFile;
        merged.strict = before.strict || behind.strict;
        merged.runPrograms = before.runPrograms || behind.runPrograms;
        merged.features.addAll(before.features);
        merged.features.addAll(behind.features);
        merged.variables.addAll(before.variables);
        merged.variables.addAll(behind.variables);
        return merged;
    }

    /** A command with the shared options. */
    abstract static class WithGlobal implements java.util.concurrent.Callable<Integer> {
        final Surroundings surroundings;

        @Mixin
        Global own = new Global();

        @Spec
        CommandSpec spec = CommandSpec.create();

        WithGlobal(Surroundings surroundings) {
            this.surroundings = surroundings;
        }

        final Global global() {
            Global merged = own;
            for (CommandSpec above = spec.parent(); above != null; above = above.parent()) {
                if (above.userObject() instanceof Root root) {
                    merged = merge(root.own, merged);
                } else if (above.userObject() instanceof WithGlobal command) {
                    merged = merge(command.own, merged);
                }
            }
            return merged;
        }
    }

    @Command(
            name = "talos-forge",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
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
    static final class Root implements Runnable {
        @Mixin
        Global own = new Global();

        @Spec
        CommandSpec spec = CommandSpec.create();

        @Override
        public void run() {
            throw new ParameterException(spec.commandLine(), "a command is missing");
        }
    }

    static final class Version implements IVersionProvider {
        static String text() {
            return "talos-forge " + number();
        }

        static String number() {
            String version = Main.class.getPackage().getImplementationVersion();
            return version == null ? "(development)" : version;
        }

        @Override
        public String[] getVersion() {
            return new String[] {text()};
        }
    }
}
