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
import dev.talosforge.state.HandedOver;
import dev.talosforge.state.StateFile;
import dev.talosforge.state.StatePlace;
import dev.talosforge.state.TerragruntCache;
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
 * Finds the states of units and reads them.
 *
 * @param workspace of Terraform; null for the default one
 * @param environment names Terragrunt's cache
 */
public record StateReader(@Nullable String workspace, SortedMap<String, String> environment) {
    private static final int MAX_STATE = 64 << 20;

    /** A file that each of our Terraform modules has, and no other module. */
    private static final String OF_OUR_MODULES = "forge.tf";

    /** In a unit's folder; Terragrunt copies no hidden files. */
    private static final String HIDDEN_FOLDER = ".talos-forge";

    private static final Json HIDDEN = Json.of("(sensitive)");

    /** For finding states without reading them. */
    public StateReader(@Nullable String workspace) {
        this(workspace, new TreeMap<>());
    }

    /**
     * The path of a unit's state: as declared, or apart. One that is where it is declared although it should be apart is from
     * before, and counts until it is moved.
     */
    public Path path(Path unit, StateHome home) {
        Path declared = declared(unit, home.remote());
        Path apart = apart(unit, home);
        return apart == null || Files.exists(declared) ? declared : apart;
    }

    /**
     * Where the state of a unit has to be if it must not be among the files of the unit's folder, which Terragrunt copies to
     * its working folder before each run: there, a state would replace that of one of our Terraform modules, and Terraform
     * would ask whether to copy it to another backend (both measured with 0.96.1 and 1.1.3). Null if it may be there.
     */
    public @Nullable Path apart(Path unit, StateHome home) {
        return home.remote() != null && !home.remote().isLocal()
                ? declared(unit.resolve(HIDDEN_FOLDER), home.remote())
                : moduleState(unit, home);
    }

    /** Where one of our modules keeps a unit's state, if that is not where it is declared; otherwise null. */
    private @Nullable Path moduleState(Path unit, StateHome home) {
        Path module = home.source() == null ? null : TerragruntCache.moduleFolder(unit, home.source());
        if (module == null
                || !declared(unit, home.remote()).startsWith(unit)
                || !Files.isRegularFile(module.resolve(OF_OUR_MODULES))) {
            return null;
        }
        List<HandedOver> folders =
                HandOver.of(unit, home, workspace, environment).folders();
        return folders.isEmpty() ? null : folders.getFirst().state();
    }

    /** Where a unit declares its state: at the path of a {@code local} backend, otherwise in its folder. */
    public Path declared(Path unit, @Nullable RemoteState remote) {
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

    /** Recorded outputs as expressions use them; null if nothing was recorded. */
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

    /** Recorded outputs that may be shown: without those that another tool marks as sensitive. */
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

    /** The remedy for a damaged state; null for one whose kind is merely not supported. */
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
                ? "the state before the last change is beside it: cp '%s' '%s'".formatted(backup, state)
                : "restore it from a copy; if you have none, move it away and apply again, which records the outputs again: mv '%1$s' '%1$s.damaged'"
                        .formatted(state);
    }

    /** The unit's own state, or the one in Terragrunt's cache if that is later. */
    private StateFile latest(Path unit, StateHome home) throws IOException {
        return latest(path(unit, home), unit, home);
    }

    private StateFile latest(Path own, Path unit, StateHome home) throws IOException {
        HandOver handOver = HandOver.of(unit, home, workspace, environment);
        if (handOver.folders().isEmpty()
                && (home.remote() == null || home.remote().isLocal())) {
            List<Path> files = files(unit, home.remote());
            // Of several, the name of the module's source identifies it; that is known for folders only.
            return StateFile.at(files.size() == 1 ? files.getFirst() : own);
        }
        return handOver.latest(own);
    }

    /** What is recorded of a unit's last apply. */
    public RecordedApply lastApply(Path unit, StateHome home) throws IOException {
        Path own = path(unit, home);
        return RecordedApply.of(own, latest(own, unit, home));
    }

    /** When a unit of ours last delivered something new; null if it never did. */
    @Nullable
    Instant published(Path unit, Workspace tree) {
        try {
            ApplyRecord record = lastApply(unit, tree.stateHome(unit)).record();
            Publication publication = record == null ? null : record.publication();
            return publication == null || publication.published() == null
                    ? null
                    : Instant.ofEpochSecond(publication.published());
        } catch (IOException | BuildException e) {
            return null; // Problems of that unit are reported where it is evaluated.
        }
    }

    /**
     * When another tool last wrote the state of a unit: the time of the file, if the state is on this machine. Null if
     * there is none.
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

    /** Every file on this machine that may hold a unit's state: its own, otherwise those in Terragrunt's cache. */
    private List<Path> files(Path unit, @Nullable RemoteState remote) throws IOException {
        Path state = declared(unit, remote);
        if (Files.isRegularFile(state)) {
            return List.of(state);
        }
        return state.startsWith(unit)
                ? CachedStates.of(unit, unit.relativize(state))
                : List.of(); // It is where it is, whatever folder Terraform is run in.
    }
}
