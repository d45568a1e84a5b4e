package dev.talosforge.pipeline.run;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.config.Workspace;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.text.ValueJson;
import dev.talosforge.config.unit.RemoteState;
import dev.talosforge.config.unit.StateHome;
import dev.talosforge.json.Json;
import dev.talosforge.json.JsonReader;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.provenance.ApplyRecord;
import dev.talosforge.provenance.Publication;
import dev.talosforge.state.StateFile;
import dev.talosforge.state.StatePlace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where the states of units are, and what they say.
 *
 * @param workspace of Terraform; null for the default one
 * @param environment says where Terragrunt's cache is
 */
public record StateReader(@Nullable String workspace, SortedMap<String, String> environment) {
    private static final int MAX_STATE = 64 << 20;

    private static final Json HIDDEN = Json.of("(sensitive)");

    /** For asking where states are, and not what they say. */
    public StateReader(@Nullable String workspace) {
        this(workspace, new TreeMap<>());
    }

    /** Where a unit's state is: what a {@code local} backend says, else the unit's folder. */
    public Path path(Path unit, @Nullable RemoteState remote) {
        return StatePlace.of(
                unit,
                setting(remote, "path"),
                setting(remote, "workspace_dir"),
                workspace == null ? StatePlace.DEFAULT_WORKSPACE : workspace);
    }

    private static @Nullable String setting(@Nullable RemoteState remote, String name) {
        return remote != null && remote.isLocal() && remote.config().get(name) instanceof Value.Text(String text)
                ? text
                : null;
    }

    /** Recorded outputs as expressions use them; null when nothing was recorded. */
    @Nullable
    SortedMap<String, Value> outputs(Path unit, StateHome home) {
        SequencedMap<String, Json> recorded = recorded(unit, home);
        if (recorded == null) {
            return null;
        }
        SortedMap<String, Value> values = new TreeMap<>();
        recorded.forEach((name, json) -> values.put(name, ValueJson.fromJson(json)));
        return values;
    }

    @Nullable
    public SequencedMap<String, Json> recorded(Path unit, StateHome home) {
        return read(unit, home, StateFile::outputs);
    }

    /** As they may be shown: what another tool marks as sensitive is not. */
    @Nullable
    public SequencedMap<String, Json> shown(Path unit, StateHome home) {
        return read(unit, home, state -> {
            SequencedMap<String, Json> outputs = state.outputs();
            if (outputs != null) {
                state.sensitive().forEach(name -> outputs.replace(name, HIDDEN));
            }
            return outputs;
        });
    }

    private interface Reading {
        @Nullable
        SequencedMap<String, Json> of(StateFile state) throws IOException;
    }

    private @Nullable SequencedMap<String, Json> read(Path unit, StateHome home, Reading reading) {
        StateFile state = null;
        try {
            state = latest(unit, home);
            return reading.of(state);
        } catch (IOException e) {
            throw new BuildException(
                    Problem.failed(Problem.Kind.ENVIRONMENT, "cannot read the recorded outputs of " + unit)
                            .because(String.valueOf(e.getMessage()))
                            .trying(state == null ? null : restored(state.path())),
                    e);
        }
    }

    /** What to do about a state that is damaged; null for one that is only of a kind that is not read. */
    public static @Nullable String restored(Path state) {
        try {
            JsonReader.readObject("state", ByteSource.of(state).readAll("state", MAX_STATE));
            return null;
        } catch (IOException e) {
            // Damaged, as was thought.
        }
        Path backup = state.resolveSibling(state.getFileName() + ".backup");
        boolean good;
        try {
            good = StateFile.at(backup).outputs() != null;
        } catch (IOException e) {
            good = false;
        }
        return good
                ? "the state before the last change lies beside it: cp '%s' '%s'".formatted(backup, state)
                : "restore it from a copy; where there is none, move it away and apply again, which records the outputs anew: mv '%1$s' '%1$s.damaged'"
                        .formatted(state);
    }

    /** The unit's own state, or the one that Terragrunt keeps in its cache where that is the later one. */
    private StateFile latest(Path unit, StateHome home) throws IOException {
        Path own = path(unit, home.remote());
        HandOver handOver = HandOver.of(unit, home, workspace, environment);
        if (handOver.folders().isEmpty()
                && (home.remote() == null || home.remote().isLocal())) {
            List<Path> files = files(unit, home.remote());
            // Of several, the name of the module's source would tell which; that is known of folders only.
            return StateFile.at(files.size() == 1 ? files.getFirst() : own);
        }
        return handOver.latest(own);
    }

    /** When a unit of ours last delivered something else than before; null when it never did. */
    @Nullable
    Instant published(Path unit, Workspace tree) {
        try {
            ApplyRecord record = ApplyRecord.read(path(unit, tree.remoteState(unit)));
            Publication publication = record == null ? null : record.publication();
            return publication == null || publication.published() == null
                    ? null
                    : Instant.ofEpochSecond(publication.published());
        } catch (IOException | BuildException e) {
            return null; // What is wrong with that unit is told where it is looked at.
        }
    }

    /**
     * When another tool last wrote the state of a unit: the time of the file, where the state is kept on this machine.
     * Null when there is none.
     */
    @Nullable
    Instant applied(Path unit, @Nullable RemoteState remote) throws IOException {
        Instant newest = null;
        for (Path file : files(unit, remote)) {
            Instant time = Files.getLastModifiedTime(file).toInstant();
            newest = newest == null || time.isAfter(newest) ? time : newest;
        }
        return newest;
    }

    /** Every file on this machine in which a unit's state may be: its own, else those of Terragrunt's cache. */
    private List<Path> files(Path unit, @Nullable RemoteState remote) throws IOException {
        Path state = path(unit, remote);
        if (Files.isRegularFile(state)) {
            return List.of(state);
        }
        return state.startsWith(unit)
                ? CachedStates.of(unit, unit.relativize(state))
                : List.of(); // It is where it is, whatever folder Terraform is run in.
    }
}
