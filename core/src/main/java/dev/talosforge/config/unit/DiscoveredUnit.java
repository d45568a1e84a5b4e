package dev.talosforge.config.unit;

import dev.talosforge.problem.Problem;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A folder of a tree that contains a unit, before its inputs are evaluated. */
public sealed interface DiscoveredUnit {
    /** The unit's folder, absolute. */
    Path directory();

    /** The folder, relative to where the search began, with slashes; {@code .} for that folder itself. */
    String name();

    /**
     * What is needed to determine whether and when the unit runs.
     *
     * @param source {@code terraform.source} as it was written; null without a {@code terraform} block
     * @param module last segment of the source's path, which selects the stage; null without a source
     * @param dependencies folders of units that have to be applied first, absolute, each once
     * @param excluded whether the unit excludes itself from runs
     * @param excludedAlone whether it also does so for a run of itself alone
     * @param dependenciesExcluded whether it also excludes its dependencies
     */
    record Outline(
            Path directory,
            String name,
            @Nullable String source,
            @Nullable String module,
            List<Path> dependencies,
            boolean excluded,
            boolean excludedAlone,
            boolean dependenciesExcluded)
            implements DiscoveredUnit {
        public Outline {
            dependencies = List.copyOf(dependencies);
        }
    }

    /** A unit for which not even that is known. */
    record Broken(Path directory, String name, List<Problem> problems) implements DiscoveredUnit {
        public Broken {
            problems = List.copyOf(problems);
        }
    }
}
