package dev.talosforge.pipeline.module;

import dev.talosforge.pipeline.inputs.StageModule;
import java.nio.file.Path;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A module to write.
 *
 * @param folder of the module, absolute
 * @param unit the unit that it is for, for messages; null if it is for any
 * @param backend the type of the backend whose block the module has to contain; null for none
 * @param variables that the tree sets on the command line of every module
 */
record ModuleTarget(
        StageModule module,
        Path folder,
        @Nullable Path unit,
        @Nullable String backend,
        SortedSet<String> variables) {
    ModuleTarget {
        variables = Collections.unmodifiableSortedSet(new TreeSet<>(variables));
    }

    /** Whether one module cannot be for both. */
    boolean contradicts(ModuleTarget other) {
        return backend != null && other.backend != null && !backend.equals(other.backend);
    }

    /** For the units of both. */
    ModuleTarget with(ModuleTarget other) {
        SortedSet<String> both = new TreeSet<>(variables);
        both.addAll(other.variables);
        return new ModuleTarget(module, folder, unit, backend == null ? other.backend : backend, both);
    }
}
