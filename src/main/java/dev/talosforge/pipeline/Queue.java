package dev.talosforge.pipeline;

import dev.talosforge.config.Dependency;
import dev.talosforge.config.Unit;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which units of a tree are run, and how.
 *
 * @param parallelism units at the same time
 * @param failFast whether nothing more is begun after a unit has failed
 * @param include folders or globs, from the folder that was asked about; empty for all. What an included unit depends on
 *     is included, too
 * @param exclude folders or globs that are left out whatever else is said
 */
public record Queue(int parallelism, boolean failFast, List<String> include, List<String> exclude) {
    public Queue {
        include = List.copyOf(include);
        exclude = List.copyOf(exclude);
    }

    /** All units. */
    public static Queue all(int parallelism) {
        return new Queue(parallelism, false, List.of(), List.of());
    }

    List<Unit> of(Path root, List<Unit> units) {
        Set<Path> wanted = new LinkedHashSet<>();
        for (Unit unit : units) {
            if (include.isEmpty() || matches(include, Forge.nameOf(root, unit.directory()))) {
                want(unit, units, wanted);
            }
        }
        return units.stream()
                .filter(unit -> wanted.contains(unit.directory()))
                .filter(unit -> !matches(exclude, Forge.nameOf(root, unit.directory())))
                .toList();
    }

    private static void want(Unit unit, List<Unit> units, Set<Path> wanted) {
        if (!wanted.add(unit.directory())) {
            return;
        }
        for (Dependency dependency : unit.dependencies()) {
            for (Unit other : units) {
                if (other.directory().equals(dependency.directory())) {
                    want(other, units, wanted);
                }
            }
        }
    }

    private static boolean matches(List<String> patterns, String name) {
        for (String pattern : patterns) {
            String plain = pattern.replaceFirst("^\\./", "").replaceFirst("/+$", "");
            if (name.equals(plain)
                    || name.startsWith(plain + "/")
                    || FileSystems.getDefault().getPathMatcher("glob:" + plain).matches(Path.of(name))) {
                return true;
            }
        }
        return false;
    }
}
