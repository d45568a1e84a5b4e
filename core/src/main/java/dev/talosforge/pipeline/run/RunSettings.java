package dev.talosforge.pipeline.run;

import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.unit.ProgramRunner;
import dev.talosforge.pipeline.inputs.OutsideInputs;
import dev.talosforge.pipeline.pin.LockLocation;
import dev.talosforge.problem.Wording;
import dev.talosforge.state.StatePlace;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a run, apart from the tree.
 *
 * @param environment that units may read with {@code get_env}
 * @param overrides inputs set from outside, as {@code TF_VAR_…} does
 * @param requested those of {@code overrides} that are set for this run: an unknown one is a mistake
 * @param features flags of the tree set from outside
 * @param workspace whose outputs are read and recorded; null for the usual ones, unless {@code overrides} ask for
 *     another Talos
 * @param strict whether findings of the content checks fail a unit
 * @param who user@machine, shown to runs that a lock of this run stops
 * @param version of this program
 * @param programs runs {@code run_cmd} and {@code sops_decrypt_file}
 * @param programsAlways whether they run even if a tree is only inspected
 * @param lock where the tree's lock is, and whether it must be complete
 * @param hooks whether a unit's hooks run when it is applied
 * @param retries whether a unit that fails is tried again, as its {@code retry} blocks say
 * @param wording of commands and options in texts
 * @param clock for durations and times of publication; never for what is built
 */
public record RunSettings(
        SortedMap<String, String> environment,
        SortedMap<String, Value> overrides,
        SortedSet<String> requested,
        SortedMap<String, String> features,
        @Nullable String workspace,
        boolean strict,
        String who,
        String version,
        ProgramRunner programs,
        boolean programsAlways,
        LockLocation lock,
        boolean hooks,
        boolean retries,
        Wording wording,
        InstantSource clock) {
    private static final String INPUT = "TF_VAR_";

    public RunSettings {
        environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
        overrides = new OutsideInputs(overrides, requested);
        requested = Collections.unmodifiableSortedSet(new TreeSet<>(requested));
        features = Collections.unmodifiableSortedMap(new TreeMap<>(features));
    }

    /** Inputs that variables of the environment set: {@code TF_VAR_NAME}. */
    public static SortedMap<String, Value> inputsOf(Map<String, String> environment) {
        SortedMap<String, Value> inputs = new TreeMap<>();
        environment.forEach((name, value) -> {
            if (name.startsWith(INPUT)) {
                inputs.put(name.substring(INPUT.length()), Value.of(value));
            }
        });
        return inputs;
    }

    /**
     * The workspace of a run: the requested one, otherwise that of {@code TF_WORKSPACE}; null for the default one.
     * Refuses an invalid name.
     */
    public static @Nullable String workspaceOf(Map<String, String> environment, @Nullable String requested) {
        String workspace = requested == null ? environment.get("TF_WORKSPACE") : requested;
        if (workspace == null || workspace.isEmpty() || workspace.equals("default")) {
            return null;
        }
        StatePlace.of(Path.of(""), null, null, workspace);
        return workspace;
    }

    /** Nothing is set from outside, and no program runs. */
    public static RunSettings plain(Map<String, String> environment, InstantSource clock) {
        return new RunSettings(
                new TreeMap<>(environment),
                new TreeMap<>(),
                new TreeSet<>(),
                new TreeMap<>(),
                null,
                false,
                "",
                "",
                ProgramRunner.refused(),
                false,
                LockLocation.usual(),
                true,
                true,
                Wording.plain(),
                clock);
    }

    /** The same, with hooks on or off. */
    public RunSettings withHooks(boolean run) {
        return with(run, retries);
    }

    /** The same, with retries on or off. */
    public RunSettings withRetries(boolean again) {
        return with(hooks, again);
    }

    private RunSettings with(boolean run, boolean again) {
        return new RunSettings(
                environment,
                overrides,
                requested,
                features,
                workspace,
                strict,
                who,
                version,
                programs,
                programsAlways,
                lock,
                run,
                again,
                wording,
                clock);
    }
}
