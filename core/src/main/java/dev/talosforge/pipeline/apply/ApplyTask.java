package dev.talosforge.pipeline.apply;

import dev.talosforge.bytes.FormatException;
import dev.talosforge.config.Workspace;
import dev.talosforge.config.unit.Unit;
import dev.talosforge.json.Json;
import dev.talosforge.pipeline.context.BuildContext;
import dev.talosforge.pipeline.hook.HookRuns;
import dev.talosforge.pipeline.lint.LintFinding;
import dev.talosforge.pipeline.pin.UnitPins;
import dev.talosforge.pipeline.run.HandOver;
import dev.talosforge.pipeline.run.RecordedApply;
import dev.talosforge.pipeline.run.RunSettings;
import dev.talosforge.pipeline.run.StateReader;
import dev.talosforge.pipeline.run.TreeSession;
import dev.talosforge.pipeline.run.UnitResult.Ending;
import dev.talosforge.pipeline.run.UnitRunner;
import dev.talosforge.pipeline.run.UnitRunner.Done;
import dev.talosforge.pipeline.run.UnitTree;
import dev.talosforge.pipeline.stage.Stage;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Remedy;
import dev.talosforge.problem.RunOption;
import dev.talosforge.problem.Verb;
import dev.talosforge.provenance.Publication;
import dev.talosforge.state.Catalog;
import dev.talosforge.state.StateFile;
import dev.talosforge.state.StateLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;

/** Runs a unit's stage and, last of all, records its outputs. */
public record ApplyTask(BuildContext context, RunSettings settings, TreeSession session, LintGate gate)
        implements UnitRunner.Task {
    @Override
    public Done on(UnitTree.Node node) throws Exception {
        node.check();
        if (node.excluded() != null) {
            return Done.without(Ending.EXCLUDED, node.excluded());
        }
        if (!node.managed()) {
            gate.checkModule(node, context.events());
            return Done.without(Ending.NOT_MANAGED, node.whyNotManaged());
        }
        Unit unit = session.evaluate(node);
        // If a stack generates the unit, its state is where Terragrunt looks for it, and hooks run there.
        Files.createDirectories(unit.directory());
        Path state = session.stateOf(unit);
        return new HookRuns(context, settings).around(node, unit, state, () -> apply(node, unit));
    }

    private Done apply(UnitTree.Node node, Unit unit) throws Exception {
        UnitPins pins = session.pins(node);
        List<LintFinding> nextSteps = gate.check(node, unit, pins, true, context.events());
        Stage stage = Stage.of(unit, settings.overrides(), pins);
        if (stage instanceof Stage.Upload && !context.push()) {
            stage.read(stage.given().reader());
            return Done.without(Ending.SKIPPED, "not uploaded: " + noPush());
        }
        Path state = session.stateOf(unit);
        HandOver handOver = HandOver.of(unit, session.states().workspace(), settings.environment());
        try (StateLock lock = StateLock.take(state, holder());
                HandOver.Locks _ = handOver.lock(state, holder())) {
            if (lock.leftBy() != null) {
                context.events()
                        .info(node.name(), "a lock file was left behind; nothing holds it any more: " + lock.leftBy());
            }
            StateFile file = StateFile.at(state);
            RecordedApply last = last(file, unit);
            if (last.damage() != null) {
                context.events().warning(node.name(), last.damage());
            }
            SequencedMap<String, Json> before = last.outputs();
            Publication earlier = last.record() == null ? null : last.record().publication();
            Stage.Applied applied = stage.apply(context, node.name(), Publication.asPublished(before, earlier));
            if (!lock.held()) {
                throw new IOException("the lock was lost");
            }
            boolean kept = applied.record().isKept();
            Publication publication = Publication.after(
                    kept, applied.outputs(), settings.clock().instant().getEpochSecond(), earlier, before);
            // Units that Terragrunt runs cannot pull an image that was kept here.
            (kept ? HandOver.NOWHERE : handOver).record(file, new TreeMap<>(applied.outputs()));
            applied.record().write(state, publication);
            handOver.obstacles(state).forEach(each -> context.events().warning(node.name(), each));
            if (!kept) { // a catalog hands over what can be pulled
                catalog(node, unit, stage, applied.outputs());
            }
            if (session.states().workspace() != null) {
                context.events()
                        .info(
                                node.name(),
                                "recorded in workspace " + session.states().workspace(),
                                Remedy.sentence(
                                                "read it with: ",
                                                Remedy.command(Verb.OUTPUT)
                                                        .with(
                                                                RunOption.WORKSPACE,
                                                                session.states().workspace()))
                                        .then(", or TF_WORKSPACE="
                                                + session.states().workspace()));
            }
            if (applied.failure() != null) {
                throw applied.failure();
            }
            return kept
                    ? new Done(Ending.BUILT, applied.outputs(), "not pushed: " + noPush(), nextSteps)
                    : new Done(Ending.APPLIED, applied.outputs(), null, nextSteps);
        }
    }

    /** Why something is not sent. */
    private String noPush() {
        return settings.wording().of(RunOption.NO_PUSH) + " sends nothing";
    }

    private RecordedApply last(StateFile file, Unit unit) throws IOException {
        try {
            return session.lastApply(unit);
        } catch (FormatException e) {
            String remedy = StateReader.restored(file.path());
            if (remedy == null) {
                throw e;
            }
            throw new BuildException(
                    Problem.failed(Problem.Kind.BAD_ARTIFACT, "cannot read what the last apply recorded")
                            .because(String.valueOf(e.getMessage()))
                            .trying(remedy),
                    e);
        }
    }

    private StateLock.Holder holder() {
        return new StateLock.Holder("apply", settings.who(), settings.version(), settings.clock());
    }

    /** For readers that do not read states. */
    private void catalog(UnitTree.Node node, Unit unit, Stage stage, SequencedMap<String, Json> outputs)
            throws IOException {
        Path catalog = stage.given().catalog();
        if (catalog != null) {
            Catalog.at(catalog).record(catalogName(unit), node.module(), outputs);
        }
    }

    /** From the repository's root, so that it is the same wherever a run starts. */
    private static String catalogName(Unit unit) {
        Path root = Workspace.repositoryRoot(unit.directory());
        return UnitTree.placeOf(root == null ? unit.directory() : root, unit.directory());
    }
}
