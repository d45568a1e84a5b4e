package dev.talosforge.cli.command.images;

import dev.talosforge.cli.session.ForgeCommand;
import dev.talosforge.cli.session.ProcessEnvironment;
import dev.talosforge.cli.session.Session;
import dev.talosforge.cli.text.InspectText;
import dev.talosforge.cli.words.BadOption;
import dev.talosforge.engine.Store;
import dev.talosforge.inspect.Comparison;
import dev.talosforge.inspect.Difference;
import dev.talosforge.inspect.Inspector;
import dev.talosforge.inspect.RegistryImages;
import dev.talosforge.inspect.Report;
import dev.talosforge.inspect.ReportJson;
import dev.talosforge.inspect.Scratch;
import dev.talosforge.oci.Platform;
import dev.talosforge.talos.Architecture;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "inspect",
        mixinStandardHelpOptions = true,
        description = {
            "Shows what an installer, an ISO, a boot image, an initramfs, a squashfs or an extension contains.",
            "A file's kind is detected from its content. With --diff: shows how two of them differ."
        },
        footer = {
            "",
            "Examples:",
            "  talos-forge inspect build/talos-iso/talos-v1.11.5-nocloud-amd64.iso",
            "  talos-forge inspect ghcr.io/acme/installer:v1.11.5 --diff ghcr.io/acme/installer:v1.12.0",
            "  talos-forge inspect oci:build/installer:v1.11.5 --files --json"
        })
public final class InspectCommand extends ForgeCommand {
    /** The same as for plan. */
    private static final int DIFFERENT = 2;

    @Parameters(
            paramLabel = "WHAT",
            description = "A file, a folder, oci:DIR[:TAG], docker-archive:FILE[:TAG] or an image reference.")
    String subject = "";

    @Option(names = "--diff", paramLabel = "OTHER", description = "Show how OTHER differs from it.")
    @Nullable
    String other;

    @Option(names = "--files", description = "List all files, with type, mode, owner, size and digest.")
    boolean files;

    @Option(
            names = "--architecture",
            paramLabel = "NAME",
            description = "Which image of an index to use: amd64 or arm64; default: amd64.")
    String architecture = "amd64";

    @Option(names = "--detailed-exitcode", description = "With --diff: exit with 2 if there are differences.")
    boolean detailed;

    public InspectCommand(ProcessEnvironment process) {
        super(process);
    }

    @Override
    public Integer call() throws Exception {
        Session session = Session.open(process, global());
        try (Scratch scratch = scratch(session)) {
            Inspector inspector = inspector(session, scratch, architecture);
            Report report = inspector.inspect(subject, files);
            if (other == null) {
                if (session.json()) {
                    ReportJson.of(report).compact(session::printPart);
                    session.print("");
                } else {
                    InspectText.render(report, session::printPart);
                }
                return 0;
            }
            Report second = inspector.inspect(other, files);
            List<Difference> differences = Comparison.of(report, second);
            session.print(
                    session.json()
                            ? Difference.toJson(report, second, differences).compact()
                            : InspectText.render(report, second, differences).stripTrailing());
            return detailed && !differences.isEmpty() ? DIFFERENT : 0;
        }
    }

    static Scratch scratch(Session session) throws Exception {
        return Scratch.in(session.store().temporaryFolder("inspect"));
    }

    static Inspector inspector(Session session, Scratch scratch, String architecture) throws Exception {
        Architecture machine = Architecture.of(architecture);
        if (machine == null) {
            throw BadOption.invalid(
                    "cannot select images for \"%s\"".formatted(architecture), "--architecture must be amd64 or arm64");
        }
        Store store = session.store();
        return new Inspector(
                () -> new RegistryImages(session.registries(), store::path),
                scratch,
                Platform.linux(machine.label()),
                session.directory());
    }
}
