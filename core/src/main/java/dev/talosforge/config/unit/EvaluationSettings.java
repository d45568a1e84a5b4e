package dev.talosforge.config.unit;

import dev.talosforge.problem.Wording;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What an evaluation depends on besides the files.
 *
 * @param command what is being done: {@code apply}, {@code plan}, {@code validate}, …
 * @param environment variables by name
 * @param features what {@code feature "NAME"} blocks are set to from outside, by name; it wins over their defaults
 * @param ownModules modules whose units are run here; where what another unit wants is not supported, its value is not
 *     known and the unit has a note. Empty: every unit counts as one that is run
 * @param wording of commands, in notes that name one
 */
public record EvaluationSettings(
        String command,
        SortedMap<String, String> environment,
        OutputsSource outputs,
        MockPolicy mocks,
        ProgramRunner programs,
        SortedMap<String, String> features,
        SortedSet<String> ownModules,
        Wording wording) {
    public EvaluationSettings {
        environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
        features = Collections.unmodifiableSortedMap(new TreeMap<>(features));
        ownModules = Collections.unmodifiableSortedSet(new TreeSet<>(ownModules));
    }

    public EvaluationSettings(
            String command,
            SortedMap<String, String> environment,
            OutputsSource outputs,
            MockPolicy mocks,
            ProgramRunner programs) {
        this(command, environment, outputs, mocks, programs, new TreeMap<>(), new TreeSet<>(), Wording.plain());
    }

    public EvaluationSettings withFeatures(Map<String, String> values) {
        return new EvaluationSettings(
                command, environment, outputs, mocks, programs, new TreeMap<>(values), ownModules, wording);
    }

    public EvaluationSettings withOwnModules(Collection<String> modules) {
        return new EvaluationSettings(
                command, environment, outputs, mocks, programs, features, new TreeSet<>(modules), wording);
    }

    /** Whether a unit with this module is run here. */
    public boolean owns(@Nullable String module) {
        return ownModules.isEmpty() || (module != null && ownModules.contains(module));
    }

    /** For a look at a tree of which nothing was applied. */
    public static EvaluationSettings validating(Map<String, String> environment) {
        return new EvaluationSettings(
                "validate",
                new TreeMap<>(environment),
                OutputsSource.none(),
                MockPolicy.MOCKS_ALLOWED,
                ProgramRunner.refused());
    }

    /** For acting: recorded outputs and nothing in their place. */
    public static EvaluationSettings applying(
            Map<String, String> environment, OutputsSource outputs, ProgramRunner programs) {
        return new EvaluationSettings("apply", new TreeMap<>(environment), outputs, MockPolicy.REAL_ONLY, programs);
    }
}
