package dev.talosforge.pipeline.module;

import dev.talosforge.config.unit.MockPolicy;
import dev.talosforge.config.unit.ModuleUse;
import dev.talosforge.config.unit.RemoteState;
import dev.talosforge.config.unit.StateHome;
import dev.talosforge.pipeline.inputs.StageModule;
import dev.talosforge.pipeline.run.RunSettings;
import dev.talosforge.pipeline.run.TreeSession;
import dev.talosforge.pipeline.run.UnitTree;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Remedy;
import dev.talosforge.problem.Where;
import dev.talosforge.provenance.ApplyRecord;
import dev.talosforge.state.MovedState;
import dev.talosforge.state.StateLock;
import dev.talosforge.state.TerragruntCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds the modules that units use, in the places where their sources point. */
final class ModuleTargets {
    /** Terraform reserves it, so that no module can have such a variable. */
    private static final String RESERVED = "version";

    private final RunSettings settings;
    private final SortedMap<Path, ModuleTarget> targets = new TreeMap<>();
    private final List<UsedUnit> units = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();

    /** A unit that will be run by a module. */
    private record UsedUnit(TreeSession session, Path folder) {}

    ModuleTargets(RunSettings settings) {
        this.settings = settings;
    }

    /** All modules, in a folder; for any unit. */
    static List<ModuleTarget> in(Path folder) {
        List<ModuleTarget> all = new ArrayList<>();
        for (StageModule module : StageModule.values()) {
            all.add(new ModuleTarget(module, folder.resolve(module.module()), null, null, new TreeSet<>()));
        }
        return all;
    }

    /** Adds what the units at or below a folder use. */
    void add(Path directory) {
        TreeSession session = TreeSession.isUnit(directory, settings)
                ? TreeSession.atOne(directory, "plan", MockPolicy.UNKNOWN_ALLOWED, settings)
                : TreeSession.at(directory, "plan", MockPolicy.UNKNOWN_ALLOWED, settings);
        int before = targets.size() + problems.size();
        for (UnitTree.Node node : session.tree().nodes()) {
            StageModule module = StageModule.of(node.module());
            if (module != null) {
                add(session, node, module);
            }
        }
        if (targets.size() + problems.size() == before && targets.isEmpty()) {
            session.tree().nodes().forEach(node -> problems.addAll(node.problems()));
            if (problems.isEmpty()) {
                problems.add(Problem.failed(Problem.Kind.INVALID_INPUT, "cannot write modules for " + directory)
                        .because("the source of no unit there ends with " + String.join(", ", StageModule.modules())));
            }
        }
    }

    private void add(TreeSession session, UnitTree.Node node, StageModule module) {
        ModuleUse use = session.workspace().moduleUse(node.directory());
        String source = use.source();
        Path folder = source == null ? null : TerragruntCache.moduleFolder(node.directory(), source);
        if (folder == null) {
            problems.add(Problem.failed(
                            Problem.Kind.INVALID_INPUT,
                            "cannot write %s for %s".formatted(module.module(), node.directory()))
                    .because("its source is not a folder of this machine: %s".formatted(source))
                    .trying("write: source = \"${get_repo_root()}/modules//%s\"".formatted(module.module())));
            return;
        }
        RemoteState remote = use.remote();
        ModuleTarget target = new ModuleTarget(
                module,
                folder,
                node.directory(),
                remote == null || remote.generated() ? null : remote.backend(),
                use.variables());
        ModuleTarget other = targets.get(folder);
        if (other != null && other.contradicts(target)) {
            problems.add(contradiction(other, target, remote));
        }
        targets.merge(folder, target, ModuleTarget::with);
        units.add(new UsedUnit(session, node.directory()));
        if (module == StageModule.EXTENSION) {
            reserved(session, node);
        }
    }

    private static Problem contradiction(ModuleTarget one, ModuleTarget other, @Nullable RemoteState remote) {
        return Problem.failed(Problem.Kind.INVALID_INPUT, "cannot write " + one.folder())
                .because("%s keeps its state in %s, %s in %s, and a module has only one backend block"
                        .formatted(one.unit(), one.backend(), other.unit(), other.backend()))
                .at(remote == null ? null : remote.where())
                .trying(new Remedy.Write(
                        "remote_state",
                        "generate = { path = \"%s\", if_exists = \"overwrite_terragrunt\" }"
                                .formatted(ModuleFiles.BACKEND)));
    }

    private void reserved(TreeSession session, UnitTree.Node node) {
        Where.Source place =
                session.workspace().evaluate(node.directory()).places().get(RESERVED);
        if (place != null) {
            notes.add("Terraform reserves the name version: rename the input to extension_version in %s, line %d"
                    .formatted(place.file(), place.line()));
        }
    }

    /** Throws if one of them cannot be written. */
    List<ModuleTarget> all() {
        if (!problems.isEmpty()) {
            throw new BuildException(problems, null);
        }
        return List.copyOf(targets.values());
    }

    /** Takes states out of the way of the modules, which are in their places now. */
    List<MovedState> moveStates() throws IOException {
        List<MovedState> moved = new ArrayList<>();
        for (UsedUnit unit : units) {
            StateHome home = unit.session().workspace().stateHome(unit.folder());
            Path declared = unit.session().states().declared(unit.folder(), home.remote());
            Path apart = unit.session().states().apart(unit.folder(), home);
            if (apart != null && Files.isRegularFile(declared)) {
                moved.add(MovedState.of(
                        declared,
                        apart,
                        ApplyRecord.SUFFIX,
                        new StateLock.Holder("move", settings.who(), settings.version(), settings.clock())));
            }
        }
        return moved;
    }

    /** What else has to be changed before Terragrunt can run the units. */
    List<String> notes() {
        return List.copyOf(notes);
    }
}
