package dev.talosforge.pipeline.run;

import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.unit.RemoteState;
import dev.talosforge.config.unit.StateHome;
import dev.talosforge.config.unit.Unit;
import dev.talosforge.json.Json;
import dev.talosforge.state.HandedOver;
import dev.talosforge.state.HandedOver.Backend;
import dev.talosforge.state.StateFile;
import dev.talosforge.state.StateLock;
import dev.talosforge.state.StatePlace;
import dev.talosforge.state.TerragruntCache;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * How a unit's outputs reach units that Terragrunt runs.
 *
 * @param folders in which Terragrunt may look for them; none if that is unknown, or it looks elsewhere
 */
public record HandOver(List<HandedOver> folders) {
    /** Outputs stay where this program records them. */
    public static final HandOver NOWHERE = new HandOver(List.of());

    public HandOver {
        folders = List.copyOf(folders);
    }

    /**
     * The hand-over of a unit.
     *
     * @param workspace null for the default one
     * @param environment names another cache, and the path by which the working folder was entered
     */
    public static HandOver of(Unit unit, @Nullable String workspace, SortedMap<String, String> environment) {
        return of(unit.directory(), new StateHome(unit.source(), unit.remoteState()), workspace, environment);
    }

    public static HandOver of(
            Path unit, StateHome home, @Nullable String workspace, SortedMap<String, String> environment) {
        RemoteState remote = home.remote();
        String source = home.source();
        if (source == null || (remote != null && !remote.isLocal())) {
            return new HandOver(List.of());
        }
        Backend backend = remote == null ? null : new Backend(text(remote, "path"), text(remote, "workspace_dir"));
        List<HandedOver> folders = new ArrayList<>();
        for (Path name : names(unit, environment.get("PWD"))) {
            for (Path cache : caches(name, environment.get("TG_DOWNLOAD_DIR"))) {
                Path folder = TerragruntCache.workingFolder(cache, name, source);
                if (folder != null) {
                    folders.add(new HandedOver(
                            folder, backend, workspace == null ? StatePlace.DEFAULT_WORKSPACE : workspace));
                }
            }
        }
        return new HandOver(folders);
    }

    private static @Nullable String text(RemoteState remote, String name) {
        return remote.config().get(name) instanceof Value.Text(String text) ? text : null;
    }

    /** A folder under all names that Terragrunt may use: it hashes them as they are, with links. */
    private static SequencedSet<Path> names(Path unit, @Nullable String shell) {
        SequencedSet<Path> names = new LinkedHashSet<>();
        names.add(unit);
        try {
            Path real = unit.toRealPath();
            names.add(real);
            if (shell != null) {
                Path logical = Path.of(shell);
                Path physical = logical.toRealPath();
                if (physical.equals(Path.of("").toRealPath()) && real.startsWith(physical)) {
                    names.add(logical.resolve(physical.relativize(real)).normalize());
                }
            }
        } catch (IOException | InvalidPathException e) {
            return names; // A name that leads nowhere is not used.
        }
        return names;
    }

    /** Version 0.96 reads the usual one whatever the variable says, later ones the other. */
    private static List<Path> caches(Path unit, @Nullable String other) {
        Path usual = unit.resolve(TerragruntCache.FOLDER);
        return other == null || !other.startsWith("/")
                ? List.of(usual)
                : List.of(usual, Path.of(other).normalize());
    }

    /** Held until the outputs are recorded. */
    public Locks lock(Path own, StateLock.Holder holder) throws IOException {
        Locks locks = new Locks(new ArrayList<>());
        boolean all = false;
        try {
            for (HandedOver folder : folders) {
                locks.held().addAll(folder.locks(own, holder));
            }
            all = true;
            return locks;
        } finally {
            if (!all) {
                locks.close();
            }
        }
    }

    /** The locks of states that Terragrunt keeps of the unit. */
    public record Locks(List<StateLock> held) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            for (StateLock lock : held) {
                lock.close();
            }
        }
    }

    /**
     * Where a unit's outputs are read: from its own state, unless Terragrunt's copy in its cache is later.
     */
    StateFile latest(Path own) throws IOException {
        StateFile latest = StateFile.at(own);
        for (HandedOver folder : folders) {
            for (Path place : folder.made(own)) {
                if (latest.isOlderThan(StateFile.at(place))) {
                    latest = StateFile.at(place);
                }
            }
        }
        return latest;
    }

    public void record(StateFile own, SortedMap<String, Json> outputs) throws IOException {
        HandedOver.record(own, outputs, folders);
    }

    /** What keeps Terragrunt from reading what was recorded, in words, with what to do about it. */
    public List<String> obstacles(Path own) throws IOException {
        List<String> obstacles = new ArrayList<>();
        for (HandedOver folder : folders) {
            String other = folder.otherBackend();
            if (other != null) {
                obstacles.add(
                        "Terragrunt's cache was created for a state in %s, and Terragrunt reads outputs from there; run: rm -r %s"
                                .formatted(other, folder.folder()));
            } else if (!folder.places(own).isEmpty() && folder.isHalfMade()) {
                obstacles.add(
                        "Terragrunt's cache holds code that was never initialized, so Terragrunt reads no outputs; run: rm -r %s"
                                .formatted(folder.folder()));
            }
        }
        return obstacles;
    }
}
