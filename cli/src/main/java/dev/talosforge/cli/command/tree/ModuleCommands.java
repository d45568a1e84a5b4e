package dev.talosforge.cli.command.tree;

import dev.talosforge.cli.session.ForgeCommand;
import dev.talosforge.cli.session.ProcessEnvironment;
import dev.talosforge.cli.session.Session;
import dev.talosforge.pipeline.module.ModuleResult;
import dev.talosforge.pipeline.module.ModuleWriting;
import dev.talosforge.state.MovedState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code module}: the Terraform modules that run this program. */
@Command(
        name = "module",
        mixinStandardHelpOptions = true,
        description = "Writes the Terraform modules by which Terragrunt and Terraform run Talos Forge.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Example:", "  talos-forge -C infra module write --for live/artifacts"})
public final class ModuleCommands extends ForgeCommand {
    public ModuleCommands(ProcessEnvironment process) {
        super(process);
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "missing command: write");
    }

    @Command(
            name = "write",
            mixinStandardHelpOptions = true,
            description = {
                "Writes the modules talos_extension, talos_images and talos_proxmox_upload.",
                "With --for, writes those that units use to where their sources point, with the backend block and the variables that the tree expects, so that no file of the tree has to change. Files of others are never changed."
            },
            footer = {
                "",
                "Examples:",
                "  talos-forge module write modules",
                "  talos-forge -C infra module write --for live/artifacts",
                "  talos-forge -C infra module write modules --for live/artifacts/images"
            })
    public static final class Write extends ForgeCommand {
        @Parameters(
                paramLabel = "FOLDER",
                arity = "0..1",
                description = "The folder of the modules; with --for, they are where the sources point.")
        @Nullable
        Path folder;

        @Option(
                names = "--for",
                paramLabel = "UNIT",
                description = "A unit, or a folder with units below it. May be repeated.")
        List<Path> units = new ArrayList<>();

        public Write(ProcessEnvironment process) {
            super(process);
        }

        @Override
        public Integer call() throws Exception {
            Session session = Session.open(process, global());
            Path given = folder;
            if (given == null && units.isEmpty()) {
                throw new ParameterException(spec.commandLine(), "missing FOLDER or --for UNIT");
            }
            Path into =
                    given == null ? null : session.directory().resolve(given).normalize();
            ModuleWriting writing = new ModuleWriting(session.runSettings());
            ModuleResult result = into != null && units.isEmpty()
                    ? writing.write(into)
                    : writing.writeFor(units.stream().map(session::directory).toList(), into);
            session.print(session.json() ? result.toJson().compact() : text(result, session.directory()));
            return 0;
        }

        private static String text(ModuleResult result, Path here) {
            StringBuilder out = new StringBuilder();
            List<String> ours = new ArrayList<>();
            for (ModuleResult.Written module : result.modules()) {
                String shown = shown(module.folder(), here);
                String backend = module.backend() == null ? "" : " (backend %s)".formatted(module.backend());
                out.append("%s%s: %s%n".formatted(shown, backend, done(module)));
                ours.add(shown + "/*.tf");
            }
            for (MovedState state : result.moved()) {
                out.append(
                        "moved the state %s to %s, because Terragrunt would copy it over that of the module; kept as %s%n"
                                .formatted(
                                        shown(state.from(), here),
                                        shown(state.to(), here),
                                        state.kept().getFileName()));
            }
            result.notes()
                    .forEach(note -> out.append("still to do: ").append(note).append('\n'));
            out.append("""

                    next:
                      terragrunt run --all plan
                    to go back (talos-forge itself needs none of these files):
                      rm %s
                    """.formatted(String.join(" ", ours)));
            return out.toString().stripTrailing();
        }

        private static String done(ModuleResult.Written module) {
            if (module.unchanged()) {
                return "no changes";
            }
            String wrote = module.written().isEmpty() ? "" : "wrote " + String.join(", ", module.written());
            String removed = module.removed().isEmpty() ? "" : "removed " + String.join(", ", module.removed());
            return wrote.isEmpty() || removed.isEmpty() ? wrote + removed : wrote + "; " + removed;
        }

        /** The path relative to the command's folder, if it is below that. */
        private static String shown(Path folder, Path here) {
            return (folder.startsWith(here) ? here.relativize(folder) : folder).toString();
        }
    }
}
