package dev.talosforge.pipeline.run;

import dev.talosforge.config.Workspace;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.text.ValueJson;
import dev.talosforge.config.unit.Dependency;
import dev.talosforge.config.unit.DiscoveredUnit;
import dev.talosforge.config.unit.RemoteState;
import dev.talosforge.config.unit.Unit;
import dev.talosforge.json.Json;
import dev.talosforge.pipeline.inputs.InputOverrides;
import dev.talosforge.pipeline.inputs.StageModule;
import dev.talosforge.pipeline.inputs.UnknownInputs;
import dev.talosforge.pipeline.run.UnitView.Need;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Remedy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Units for people: with the real values they receive, and whether they use what was published last.
 *
 * @param workspace not thread-safe
 * @param overrides inputs set from outside
 */
public record UnitViews(Workspace workspace, UnitTree tree, StateReader states, SortedMap<String, Value> overrides) {
    public UnitView of(Unit unit) {
        Json.Builder inputs = Json.object();
        InputOverrides.inputs(unit, overrides).forEach((name, value) -> inputs.put(name, ValueJson.toJson(value)));
        return new UnitView(
                nameOf(unit.directory()),
                unit.module(),
                StageModule.isManaged(unit.module()),
                unit.dependencies().stream().map(this::need).toList(),
                Stream.concat(unit.notes().stream(), UnknownInputs.notes(unit).stream())
                        .toList(),
                inputs.build(),
                status(unit));
    }

    /** What is known of a unit whose inputs cannot be evaluated. */
    public UnitView of(UnitTree.Node node, List<Problem> problems) {
        return new UnitView(
                node.name(),
                node.module(),
                node.managed(),
                node.needs().stream()
                        .map(folder -> new Need(nameOf(folder), Need.Outputs.UNUSED, new LinkedHashMap<>(), null))
                        .toList(),
                List.of(),
                Json.object().build(),
                null,
                problems);
    }

    private String nameOf(Path folder) {
        return tree.nameOf(folder);
    }

    private Need need(Dependency dependency) {
        Need.Outputs outputs = switch (dependency.outputs()) {
            case RECORDED -> Need.Outputs.RECORDED;
            case MOCKED -> Need.Outputs.MOCKED;
            case MISSING -> Need.Outputs.MISSING;
            case UNUSED -> Need.Outputs.UNUSED;
        };
        boolean absent = outputs == Need.Outputs.MOCKED || outputs == Need.Outputs.MISSING;
        return new Need(
                nameOf(dependency.directory()),
                outputs,
                values(dependency),
                absent ? Remedy.sentence("run: ", workspace.applying(dependency.directory())) : null);
    }

    private SequencedMap<String, Json> values(Dependency dependency) {
        SequencedMap<String, Json> values = new LinkedHashMap<>();
        if (dependency.used().isEmpty()) {
            return values;
        }
        SequencedMap<String, Json> recorded = recorded(dependency.directory());
        for (String name : dependency.used()) {
            Json value = recorded == null ? null : recorded.get(name);
            if (value != null) {
                values.put(name, value);
            }
        }
        return values;
    }

    private @Nullable SequencedMap<String, Json> recorded(Path folder) {
        try {
            return states.shown(folder, workspace.stateHome(folder));
        } catch (BuildException e) {
            return null; // Problems of that unit are reported where it is evaluated.
        }
    }

    /** Null for a unit of ours, and for one that consumes nothing of ours. */
    @Nullable
    ConsumerStatus status(Unit unit) {
        if (StageModule.isManaged(unit.module()) || unit.module() == null) {
            return null;
        }
        List<Path> artifacts = unit.dependencies().stream()
                .map(Dependency::directory)
                .filter(this::isManaged)
                .toList();
        if (artifacts.isEmpty()) {
            return null;
        }
        RemoteState remote = unit.remoteState();
        if (remote != null && !remote.isLocal()) {
            return new ConsumerStatus.Unknown("its state is kept in " + remote.backend());
        }
        try {
            Instant applied = states.applied(unit.directory(), remote);
            return applied == null ? new ConsumerStatus.NeverApplied() : status(applied, artifacts);
        } catch (IOException e) {
            return new ConsumerStatus.Unknown("its state cannot be read: " + e.getMessage());
        }
    }

    private ConsumerStatus status(Instant applied, List<Path> artifacts) {
        List<ConsumerStatus.Newer> newer = new ArrayList<>();
        for (Path folder : artifacts) {
            Instant published = states.published(folder, workspace);
            if (published != null && published.isAfter(applied)) {
                newer.add(new ConsumerStatus.Newer(nameOf(folder), published));
            }
        }
        return newer.isEmpty() ? new ConsumerStatus.Current(applied) : new ConsumerStatus.Older(applied, newer);
    }

    private boolean isManaged(Path folder) {
        if (tree.has(folder)) {
            return tree.node(folder).managed();
        }
        return workspace.outline(folder) instanceof DiscoveredUnit.Outline outline
                && StageModule.isManaged(outline.module());
    }
}
