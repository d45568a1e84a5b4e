package dev.talosforge.cli;

import dev.talosforge.cli.text.RemedyText;
import dev.talosforge.config.Workspace;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.terragrunt.ProcessPrograms;
import dev.talosforge.config.unit.EvaluationSettings;
import dev.talosforge.engine.Events;
import dev.talosforge.pipeline.context.ContextSettings;
import dev.talosforge.pipeline.pin.LockLocation;
import dev.talosforge.pipeline.run.RunSettings;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What one command works with: its options, and for what they do not say the variables of the environment.
 *
 * @param environment of the process
 */
record RunEnvironment(SortedMap<String, String> environment, Global global) {
    private static final Duration PROGRAM_LIMIT = Duration.ofMinutes(5);

    static RunEnvironment of(Map<String, String> environment, Global global) {
        return new RunEnvironment(new TreeMap<>(environment), global);
    }

    ContextSettings context(Events events) {
        return new ContextSettings(
                environment,
                Path.of("").toAbsolutePath(),
                user(),
                global.store,
                global.fresh,
                !global.noPush,
                global.overwriteTag,
                events,
                InstantSource.system());
    }

    /** A folder that a command names, from the one that it works in, absolute. */
    Path directory(Path named) {
        Path given = directory(global.directory, new TerragruntVariables(new TreeMap<>(environment)))
                .resolve(named);
        if (!isFolder(given.normalize())) {
            boolean file = Files.exists(given.normalize());
            throw new BuildException(Problem.failed(Problem.Kind.INVALID_INPUT, "cannot work in " + given.normalize())
                    .because(file ? "it is a file" : "there is no such folder")
                    .trying(file ? "use the folder that contains it" : null));
        }
        return real(given);
    }

    private static Path directory(Path given, TerragruntVariables variables) {
        String variable = given.toString().isEmpty() ? variables.text("WORKING_DIR") : null;
        return (variable == null ? given : Path.of(variable)).toAbsolutePath();
    }

    /**
     * A folder that is a symbolic link itself is the one that it leads to, for units are found below that. Links above it
     * stay: Terragrunt hashes a unit's path as it was come to.
     */
    static Path real(Path given) {
        Path directory = given.normalize();
        try {
            return Files.isSymbolicLink(directory) ? directory.toRealPath() : directory;
        } catch (IOException e) {
            return directory; // What is wrong with it is told where it is used.
        }
    }

    /** Whether there is such a folder, on the disk or as a stack makes it. */
    boolean isFolder(Path folder) {
        return Files.isDirectory(folder) || tree(folder).isFolder(folder);
    }

    boolean isUnit(Path folder) {
        return tree(folder).isUnit(folder);
    }

    private Workspace tree(Path folder) {
        return Workspace.open(folder, EvaluationSettings.validating(environment));
    }

    RunSettings run() {
        SortedMap<String, Value> overrides = RunSettings.inputsOf(environment);
        SortedMap<String, Value> asked = variables();
        overrides.putAll(asked);
        TerragruntVariables terragrunt = new TerragruntVariables(environment);
        return new RunSettings(
                environment,
                overrides,
                new TreeSet<>(asked.keySet()),
                features(terragrunt),
                RunSettings.workspaceOf(environment, global.workspace),
                global.strict,
                who(),
                ProgramVersion.number(),
                new ProcessPrograms(PROGRAM_LIMIT, new TreeMap<>(environment)),
                global.runPrograms,
                new LockLocation(global.lockFile, global.locked),
                !global.noHooks && !terragrunt.is("NO_HOOKS"),
                !global.noRetry && !terragrunt.is("NO_AUTO_RETRY"),
                RemedyText::of,
                InstantSource.system());
    }

    /** {@code TG_FEATURE=NAME=VALUE,NAME=VALUE}, and the option over it. */
    private SortedMap<String, String> features(TerragruntVariables terragrunt) {
        SortedMap<String, String> features = new TreeMap<>();
        List<String> given = new ArrayList<>(terragrunt.list("FEATURE"));
        given.addAll(global.features);
        for (String feature : given) {
            int equals = feature.indexOf('=');
            if (equals < 1) {
                throw BadOption.invalid("cannot use --feature \"%s\"".formatted(feature), "it is not NAME=VALUE");
            }
            features.put(feature.substring(0, equals), feature.substring(equals + 1));
        }
        return features;
    }

    private String who() {
        String user = environment.getOrDefault("USER", System.getProperty("user.name", "unknown"));
        String machine = environment.getOrDefault("HOSTNAME", "");
        return machine.isEmpty() ? user : user + "@" + machine;
    }

    private SortedMap<String, Value> variables() {
        SortedMap<String, Value> variables = new TreeMap<>();
        for (String variable : global.variables) {
            int equals = variable.indexOf('=');
            if (equals < 1) {
                throw BadOption.invalid("cannot use --var \"%s\"".formatted(variable), "it is not NAME=VALUE");
            }
            variables.put(variable.substring(0, equals), Value.of(variable.substring(equals + 1)));
        }
        return variables;
    }

    /** Of this process, where the operating system numbers its users. */
    private static @Nullable Long user() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid") instanceof Integer uid
                    ? Integer.toUnsignedLong(uid)
                    : null;
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return null;
        }
    }
}
