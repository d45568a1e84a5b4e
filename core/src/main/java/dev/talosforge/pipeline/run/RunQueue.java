package dev.talosforge.pipeline.run;

import dev.talosforge.engine.Graph.OnFailure;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.PatternSyntaxException;

/**
 * Which units of a tree run, and how.
 *
 * @param parallelism units at the same time
 * @param onFailure what the failure of one means for the others
 * @param include units, folders above units, or globs, from the folder that was asked about; empty for all
 * @param exclude folders or globs that are always left out
 * @param strict whether what an included unit depends on is left out, unless it is included itself
 */
public record RunQueue(
        int parallelism, OnFailure onFailure, List<String> include, List<String> exclude, boolean strict) {
    public RunQueue {
        include = List.copyOf(include);
        exclude = List.copyOf(exclude);
    }

    /** All units. */
    public static RunQueue all(int parallelism) {
        return new RunQueue(parallelism, OnFailure.SKIP_DEPENDENTS, List.of(), List.of(), false);
    }

    public RunQueue atATime(int units) {
        return new RunQueue(units, onFailure, include, exclude, strict);
    }

    public RunQueue onFailure(OnFailure other) {
        return new RunQueue(parallelism, other, include, exclude, strict);
    }

    public UnitTree of(UnitTree tree) {
        if (include.isEmpty() && exclude.isEmpty()) {
            return tree;
        }
        List<String> names =
                tree.nodes().stream().map(node -> place(tree, node)).toList();
        Patterns included = Patterns.of(tree.root(), include);
        Patterns excluded = Patterns.of(tree.root(), exclude);
        Set<Path> wanted = new LinkedHashSet<>();
        for (UnitTree.Node node : tree.nodes()) {
            if (include.isEmpty() || included.match(place(tree, node), names)) {
                want(node, tree, wanted);
            }
        }
        return tree.only(tree.nodes().stream()
                .filter(node -> wanted.contains(node.directory()))
                .filter(node -> !excluded.match(place(tree, node)))
                .toList());
    }

    private static String place(UnitTree tree, UnitTree.Node node) {
        return UnitTree.placeOf(tree.root(), node.directory());
    }

    private void want(UnitTree.Node node, UnitTree tree, Set<Path> wanted) {
        if (!wanted.add(node.directory()) || strict) {
            return;
        }
        node.needs().stream().filter(tree::has).map(tree::node).forEach(needed -> want(needed, tree, wanted));
    }

    /** A unit's folder, a folder above it, or a glob over either. */
    private record Patterns(List<String> plain, List<PathMatcher> globs) {
        static Patterns of(Path root, List<String> given) {
            List<String> plain = given.stream().map(one -> fromRoot(root, one)).toList();
            return new Patterns(plain, plain.stream().map(Patterns::glob).toList());
        }

        private static String fromRoot(Path root, String given) {
            String slashed = given.replace('\\', '/').replaceFirst("/+$", "");
            String absolute = root.toString().replace('\\', '/') + "/";
            return (slashed + "/").startsWith(absolute) && slashed.length() >= absolute.length()
                    ? slashed.substring(absolute.length())
                    : slashed.replaceFirst("^(\\./)+", "");
        }

        private static PathMatcher glob(String pattern) {
            try {
                return FileSystems.getDefault().getPathMatcher("glob:" + pattern);
            } catch (PatternSyntaxException e) {
                return _ -> false; // a name with brackets of its own: it still matches as it is
            }
        }

        /** Like {@link #match(String)}, but the name of a unit matches only that unit, not those below it. */
        boolean match(String name, List<String> units) {
            for (int i = 0; i < plain.size(); i++) {
                boolean below = name.startsWith(plain.get(i) + "/") && !units.contains(plain.get(i));
                if (name.equals(plain.get(i)) || below || globs.get(i).matches(Path.of(name))) {
                    return true;
                }
            }
            return false;
        }

        boolean match(String name) {
            for (int i = 0; i < plain.size(); i++) {
                if (name.equals(plain.get(i))
                        || name.startsWith(plain.get(i) + "/")
                        || globs.get(i).matches(Path.of(name))) {
                    return true;
                }
            }
            return false;
        }
    }
}
