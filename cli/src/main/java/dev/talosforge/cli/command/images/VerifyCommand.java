package dev.talosforge.cli.command.images;

import dev.talosforge.cli.session.ForgeCommand;
import dev.talosforge.cli.session.ProcessEnvironment;
import dev.talosforge.cli.session.Session;
import dev.talosforge.cli.text.InspectText;
import dev.talosforge.cli.words.BadOption;
import dev.talosforge.inspect.Inspector;
import dev.talosforge.inspect.Proof;
import dev.talosforge.inspect.Scratch;
import dev.talosforge.inspect.Verification;
import dev.talosforge.oci.Platform;
import dev.talosforge.pipeline.verify.UnitVerification;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = {
            "Proves that the installer and the ISO of a unit belong together and are what was built.",
            "They contain the same extensions; what is published and on disk is what was built, from what was pinned.",
            "With --installer and --iso: proves that these two belong together."
        },
        footer = {
            "",
            "Examples:",
            "  talos-forge -C infra/live/artifacts/images verify",
            "  talos-forge verify --installer ghcr.io/acme/installer:v1.11.5 --iso talos-v1.11.5-nocloud-amd64.iso"
        })
public final class VerifyCommand extends ForgeCommand {
    private static final int UNPROVEN = 4;
    private static final Platform PLATFORM = Platform.linux("amd64");

    @Parameters(paramLabel = "UNIT", arity = "0..1", description = "A unit's folder, relative to the working folder.")
    Path unit = Path.of("");

    @Option(names = "--installer", paramLabel = "WHAT", description = "An installer, as for inspect.")
    @Nullable
    String installer;

    @Option(names = "--iso", paramLabel = "FILE", description = "An ISO.")
    @Nullable
    String iso;

    public VerifyCommand(ProcessEnvironment process) {
        super(process);
    }

    @Override
    public Integer call() throws Exception {
        Session session = Session.open(process, global());
        if ((installer == null) != (iso == null)) {
            throw BadOption.invalid(
                    "cannot verify " + (installer == null ? iso : installer),
                    "give both --installer and --iso, or neither in a unit's folder");
        }
        try (Scratch scratch = InspectCommand.scratch(session)) {
            Inspector inspector = InspectCommand.inspector(session, scratch, PLATFORM.architecture());
            List<Proof> proofs = installer == null || iso == null
                    ? new UnitVerification(session.context(), session.runSettings())
                            .of(session.directory(unit), inspector)
                    : Verification.ofPair(inspector, installer, iso);
            session.print(
                    session.json()
                            ? Proof.toJson(proofs).compact()
                            : InspectText.render(proofs).stripTrailing());
            return Proof.allHold(proofs) ? 0 : UNPROVEN;
        }
    }
}
