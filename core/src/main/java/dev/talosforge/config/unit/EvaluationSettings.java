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
 * What an evaluation depends on apart from the files.
 *
 * @param command the current command: {@code apply}, {@code plan}, {@code validate}, …
 * @param environment variables by name
 * @param features values of {@code feature "NAME"} blocks that are set from outside, by name; they win over the
 *     defaults
 * @param ownModules modules whose units run here; if another unit needs something that is not supported, its value
 *     is not known and the unit has a note. Empty: every unit counts as one that runs here
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

    /** Whether a unit with this module runs here. */
    public boolean owns(@Nullable String module) {
        return ownModules.isEmpty() || (module != null && ownModules.contains(module));
    }

    /** Settings to show a tree of which nothing was applied. */
    public static EvaluationSettings validating(Map<String, String> environment) {
        return new EvaluationSettings(
                "validate",
                new TreeMap<>(environment),
                OutputsSource.none(),
                MockPolicy.MOCKS_ALLOWED,
                ProgramRunner.refused());
    }

    /** Settings to act: recorded outputs and no substitutes. */
    public static EvaluationSettings applying(
            Map<String, String> environment, OutputsSource outputs, ProgramRunner programs) {
        return new EvaluationSettings("apply", new TreeMap<>(environment), outputs, MockPolicy.REAL_ONLY, programs);
    }
}
