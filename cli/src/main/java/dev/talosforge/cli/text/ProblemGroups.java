package dev.talosforge.cli.text;

import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Remedy;
import dev.talosforge.problem.Where;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Problems as people read them: what one server is the cause of is told once, with all that it stopped; later only what
 * else that was. Used by one thread.
 */
public final class ProblemGroups {
    /** Of two problems with the same one the second says nothing new but what could not be done. */
    private record Cause(
            Problem.Kind kind,
            String server,
            String why,
            @Nullable Remedy remedy) {}

    private final Set<Problem> told = new HashSet<>();
    private final Set<Cause> known = new HashSet<>();

    /** Texts of those that were not told yet, in their order. */
    public List<String> render(List<Problem> problems) {
        SequencedMap<Object, List<Problem>> groups = new LinkedHashMap<>();
        for (Problem problem : problems) {
            if (told.add(problem)) {
                Cause cause = cause(problem);
                groups.computeIfAbsent(cause == null ? problem : cause, _ -> new ArrayList<>())
                        .add(problem);
            }
        }
        List<String> texts = new ArrayList<>();
        groups.forEach((key, group) -> {
            boolean again = key instanceof Cause cause && !known.add(cause);
            texts.add(ProblemText.render(group.getFirst(), also(group), again));
        });
        return texts;
    }

    private static List<String> also(List<Problem> group) {
        return group.stream()
                .map(Problem::what)
                .distinct()
                .filter(what -> !what.equals(group.getFirst().what()))
                .toList();
    }

    /** Null where it is the request's own: something that is not there, a name that is wrong. */
    private static @Nullable Cause cause(Problem problem) {
        if (!(problem.where() instanceof Where.Remote(var _, var uri, int status))) {
            return null;
        }
        boolean ofServer =
                status == 0 || status == 401 || status == 403 || status == 407 || status == 429 || status >= 500;
        return ofServer
                ? new Cause(problem.kind(), String.valueOf(uri.getRawAuthority()), problem.why(), problem.remedy())
                : null;
    }
}
