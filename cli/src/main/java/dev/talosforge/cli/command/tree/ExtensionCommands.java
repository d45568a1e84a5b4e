package dev.talosforge.cli.command.tree;

import dev.talosforge.cli.session.ForgeCommand;
import dev.talosforge.cli.session.ProcessEnvironment;
import dev.talosforge.cli.session.Session;
import dev.talosforge.cli.text.RemedyText;
import dev.talosforge.json.Json;
import dev.talosforge.pipeline.stage.extension.ExtensionScaffold;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code extension}: helps to write your own extensions. */
@Command(
        name = "extension",
        mixinStandardHelpOptions = true,
        description = "Helps to write your own extensions.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Example:", "  talos-forge extension new hello"})
public final class ExtensionCommands extends ForgeCommand {
    public ExtensionCommands(ProcessEnvironment process) {
        super(process);
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "missing command: new");
    }

    @Command(
            name = "new",
            mixinStandardHelpOptions = true,
            description = {
                "Writes a unit as a starting point for an extension. It is valid and can be applied as is; its results go into a folder beside it."
            },
            footer = {
                "",
                "Examples:",
                "  talos-forge extension new hello",
                "  talos-forge -C infra/live/artifacts extension new hello --dir extensions/hello --with-build"
            })
    public static final class New extends ForgeCommand {
        @Parameters(paramLabel = "NAME", description = "Name of the extension, its container and its service.")
        String name = "";

        @Option(names = "--dir", paramLabel = "DIR", description = "The folder to write; default: NAME.")
        @Nullable
        Path dir;

        @Option(names = "--with-build", description = "Include a C program that is built from source.")
        boolean withBuild;

        public New(ProcessEnvironment process) {
            super(process);
        }

        @Override
        public Integer call() throws Exception {
            Session session = Session.open(process, global());
            Path at = session.directory();
            Path given = dir;
            Path folder = at.resolve(given == null ? Path.of(name) : given).normalize();
            List<Path> written = new ExtensionScaffold(name, folder, withBuild, RemedyText::of).write();
            if (session.json()) {
                session.print(Json.object()
                        .put("directory", folder.toString())
                        .put(
                                "files",
                                Json.ofTexts(written.stream()
                                        .map(file -> folder.relativize(file).toString())
                                        .toList()))
                        .build()
                        .compact());
                return 0;
            }
            String shown = shown(folder);
            written.forEach(file -> session.print("wrote " + shown + "/" + folder.relativize(file)));
            session.print("""

                    next:
                      talos-forge -C %1$s validate
                      talos-forge -C %1$s apply
                      talos-forge inspect oci:%1$s/%2$s:%3$s
                    then set extension_registry in %1$s/terragrunt.hcl to a registry, and use the extension in the images unit:
                      custom_extensions = [dependency.%4$s.outputs.extension_image]
                    """.formatted(shown, ExtensionScaffold.TARGET, ExtensionScaffold.VERSION, "extension")
                    .stripTrailing());
            return 0;
        }

        /** The path relative to the folder where this program was started. */
        private static String shown(Path folder) {
            Path here = Path.of("").toAbsolutePath();
            return (folder.startsWith(here) && !folder.equals(here) ? here.relativize(folder) : folder).toString();
        }
    }
}
