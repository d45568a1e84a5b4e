package dev.talosforge.config.unit;

import dev.talosforge.problem.Problem;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A folder of a tree that holds a unit, before its inputs are evaluated. */
public sealed interface DiscoveredUnit {
    /** The unit's folder, absolute. */
    Path directory();

    /** The folder, relative to where the search began, with slashes; {@code .} for that folder itself. */
    String name();

    /**
     * What is needed to say whether and when the unit is run.
     *
     * @param source {@code terraform.source} as it was written; null without a {@code terraform} block
     * @param module last segment of the source's path, which selects the stage; null without a source
     * @param dependencies folders of units that have to be applied before, absolute, each once
     * @param excluded whether the unit says that it is not to be run
     * @param excludedAlone whether it says so for a run of nothing but itself, too
     * @param dependenciesExcluded whether it says so for what it depends on, too
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

    /** A unit of which not even that can be said. */
    record Broken(Path directory, String name, List<Problem> problems) implements DiscoveredUnit {
        public Broken {
            problems = List.copyOf(problems);
        }
    }
}
