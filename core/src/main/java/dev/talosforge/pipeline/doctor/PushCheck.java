package dev.talosforge.pipeline.doctor;

import dev.talosforge.config.unit.Unit;
import dev.talosforge.oci.ImagePlace;
import dev.talosforge.oci.ImageReference;
import dev.talosforge.pipeline.context.BuildContext;
import dev.talosforge.pipeline.inputs.ExtensionInputs;
import dev.talosforge.pipeline.inputs.ImagesInputs;
import dev.talosforge.pipeline.inputs.InputReader;
import dev.talosforge.pipeline.inputs.StageModule;
import dev.talosforge.pipeline.run.RunSettings;
import dev.talosforge.pipeline.run.TreeSession;
import dev.talosforge.pipeline.run.UnitTree;
import dev.talosforge.problem.BuildException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks whether the images of a tree can be pushed from here: each repository once. */
final class PushCheck {
    private final BuildContext context;
    private final RunSettings settings;
    private final Set<String> requested = new HashSet<>();

    PushCheck(BuildContext context, RunSettings settings) {
        this.context = context;
        this.settings = settings;
    }

    void add(TreeSession session, UnitTree.Node node, List<Diagnosis> findings) throws InterruptedException {
        ImageReference target = context.push() ? target(session, node) : null;
        if (target == null || !requested.add(target.name())) {
            return;
        }
        String subject = node.name() + ", registry";
        try {
            context.registries().checkPush(target);
            findings.add(Diagnosis.ok(
                    subject, "%s accepts pushes: an upload was started and cancelled".formatted(target.name())));
        } catch (BuildException e) {
            e.problems().forEach(problem -> findings.add(Diagnosis.wrong(subject, problem)));
        }
    }

    /** Null if nothing is pushed, or the inputs are wrong, which is reported elsewhere. */
    private @Nullable ImageReference target(TreeSession session, UnitTree.Node node) {
        if (!node.problems().isEmpty()) {
            return null;
        }
        try {
            ImagePlace place = switch (StageModule.of(node.module())) {
                case IMAGES -> ImagesInputs.read(reader(session, node)).installer();
                case EXTENSION -> ExtensionInputs.read(reader(session, node)).target();
                case UPLOAD -> null;
                case null -> null;
            };
            return place instanceof ImagePlace.InRegistry(ImageReference reference) ? reference : null;
        } catch (BuildException e) {
            return null;
        }
    }

    private InputReader reader(TreeSession session, UnitTree.Node node) {
        Unit unit = session.evaluate(node);
        return new InputReader(unit, settings.overrides());
    }
}
