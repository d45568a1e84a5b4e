package dev.talosforge.config.terragrunt.file;

import dev.talosforge.config.hcl.syntax.Range;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.unit.Dependency;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A dependency and its value in an expression.
 *
 * @param header where it is declared
 * @param enabled whether it is enabled; a disabled one is not a dependency
 * @param ofStack the units of the stack that it names, whose outputs are members of these by the units' names;
 *     empty if it names a unit
 */
public record ResolvedDependency(
        Dependency dependency, Value outputs, Range header, boolean enabled, SortedMap<String, Dependency> ofStack) {
    ResolvedDependency(Dependency dependency, Value outputs, Range header, boolean enabled) {
        this(dependency, outputs, header, enabled, new TreeMap<>());
    }

    /** The units that it stands for. */
    public Collection<Dependency> units() {
        return ofStack.isEmpty() ? List.of(dependency) : ofStack.values();
    }
}
