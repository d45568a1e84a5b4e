package dev.talosforge.pipeline.lock;

import dev.talosforge.pipeline.pin.LockKey;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.NearestName;
import dev.talosforge.problem.Problem;
import dev.talosforge.talos.extension.ExtensionCatalog;
import dev.talosforge.tree.FileTree;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Which locked references are looked up again.
 *
 * @param all every one
 * @param names those of these images: as written, by repository, or by its last part
 */
public record LockUpdate(boolean all, List<String> names) {
    public LockUpdate {
        names = List.copyOf(names);
    }

    /** None: locked references stay as they are. */
    public static LockUpdate none() {
        return new LockUpdate(false, List.of());
    }

    SortedSet<LockKey> of(Collection<LockKey> references) {
        SortedSet<LockKey> chosen = new TreeSet<>(all ? references : List.of());
        for (String name : names) {
            List<LockKey> named = references.stream().filter(called(name)).toList();
            SortedSet<String> repositories = repositories(named);
            if (named.isEmpty()) {
                throw unknown(name, references);
            }
            if (repositories.size() > 1) {
                throw several(name, repositories);
            }
            chosen.addAll(named);
        }
        return chosen;
    }

    private static Predicate<LockKey> called(String name) {
        return key -> List.of(
                        key.written(),
                        key.image().name(),
                        key.image().repository(),
                        FileTree.nameOf(key.image().repository()))
                .contains(name);
    }

    private static SortedSet<String> repositories(Collection<LockKey> references) {
        SortedSet<String> names = new TreeSet<>();
        references.forEach(key -> names.add(key.image().name()));
        return names;
    }

    private static BuildException unknown(String name, Collection<LockKey> references) {
        SortedSet<String> known = new TreeSet<>();
        SortedSet<String> begin = new TreeSet<>();
        for (LockKey key : references) {
            String repository = key.image().repository();
            known.add(FileTree.nameOf(repository));
            known.add(repository);
            if (repository.startsWith(name) || FileTree.nameOf(repository).startsWith(name)) {
                begin.add(key.image().name());
            }
        }
        if (begin.size() > 1) {
            return several(name, begin);
        }
        return problem(
                name,
                "the tree names no such image",
                begin.isEmpty()
                        ? NearestName.suggestion(name, known)
                        : "did you mean \"%s\"?".formatted(begin.first()));
    }

    private static BuildException several(String name, SortedSet<String> repositories) {
        return problem(
                name,
                "the name matches several images of the tree: " + ExtensionCatalog.listed(List.copyOf(repositories)),
                "write one of them out");
    }

    private static BuildException problem(String name, String why, @org.jspecify.annotations.Nullable String remedy) {
        return new BuildException(Problem.failed(Problem.Kind.INVALID_INPUT, "cannot update \"%s\"".formatted(name))
                .because(why)
                .trying(remedy));
    }
}
