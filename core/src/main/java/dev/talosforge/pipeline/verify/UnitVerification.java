package dev.talosforge.pipeline.verify;

import dev.talosforge.bytes.Sha256;
import dev.talosforge.config.unit.MockPolicy;
import dev.talosforge.inspect.Inspector;
import dev.talosforge.inspect.Origins;
import dev.talosforge.inspect.Proof;
import dev.talosforge.inspect.Verification;
import dev.talosforge.oci.ImagePlace;
import dev.talosforge.oci.ImagesOnDisk;
import dev.talosforge.oci.Manifest;
import dev.talosforge.oci.Platform;
import dev.talosforge.pipeline.context.BuildContext;
import dev.talosforge.pipeline.image.PinnedImages;
import dev.talosforge.pipeline.inputs.StageModule;
import dev.talosforge.pipeline.run.RecordedApply;
import dev.talosforge.pipeline.run.RunSettings;
import dev.talosforge.pipeline.run.TreeSession;
import dev.talosforge.pipeline.run.UnitTree;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Remedy;
import dev.talosforge.problem.RunOption;
import dev.talosforge.problem.Verb;
import dev.talosforge.provenance.RecordedImages;
import dev.talosforge.talos.Architecture;
import dev.talosforge.tree.FileTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Proves that what an images unit delivered is what was built, and that it was made of what was pinned. */
public record UnitVerification(BuildContext context, RunSettings settings) {
    private static final Platform PLATFORM = Platform.linux(Architecture.AMD64.label());

    /** Verifies the unit in a folder; it is a problem if it is not an images unit, or was never applied. */
    public List<Proof> of(Path folder, Inspector inspector) throws IOException, InterruptedException {
        return Verification.ofBuild(inspector, recorded(folder), new Sources(context, new PinnedImages(context, ".")));
    }

    private RecordedImages recorded(Path folder) throws IOException {
        TreeSession session = TreeSession.atOne(folder, "verify", MockPolicy.UNKNOWN_ALLOWED, settings);
        UnitTree.Node node = session.tree().nodes().getFirst();
        node.check();
        if (StageModule.of(node.module()) != StageModule.IMAGES) {
            throw refused(
                    folder,
                    "not a unit of the module %s".formatted(StageModule.IMAGES.module()),
                    Remedy.sentence(
                            "run it in the folder of such a unit, or specify both: ",
                            Remedy.command(Verb.VERIFY)
                                    .with(RunOption.INSTALLER, "REFERENCE")
                                    .with(RunOption.ISO, "FILE")));
        }
        RecordedApply last =
                session.states().lastApply(node.directory(), session.workspace().stateHome(node.directory()));
        if (last.outputs().isEmpty()) {
            throw refused(folder, "nothing is recorded for it", Remedy.sentence("run: ", Remedy.command(Verb.APPLY)));
        }
        if (last.damage() != null) {
            context.events().warning(node.name(), last.damage());
        }
        return RecordedImages.of(last.state(), node.directory(), last.outputs(), last.record());
    }

    private static BuildException refused(Path folder, String why, Remedy remedy) {
        return new BuildException(Problem.failed(Problem.Kind.INVALID_INPUT, "cannot verify " + folder)
                .because(why)
                .trying(remedy));
    }

    /** The images that a unit is made of, from the store or from their places. */
    private record Sources(BuildContext context, PinnedImages images) implements Origins {
        @Override
        public @Nullable Sha256 served(ImagePlace tag) throws IOException, InterruptedException {
            return switch (tag) {
                case ImagePlace.InRegistry(var reference) ->
                    context.registries().digest(reference);
                case ImagePlace.OnDisk disk ->
                    ImagesOnDisk.open(disk, context::keep).find(disk, PLATFORM).digest();
            };
        }

        @Override
        public Manifest manifest(ImagePlace pinned) throws IOException, InterruptedException {
            return images.manifest(pinned);
        }

        @Override
        public FileTree files(ImagePlace pinned, List<String> only) throws IOException, InterruptedException {
            return images.files(pinned, only);
        }
    }
}
