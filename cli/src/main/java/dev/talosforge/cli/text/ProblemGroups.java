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
 * Problems for people: a problem that one server causes is reported once, with everything that it stopped; later
 * reports only list what else it stopped. Used by one thread.
 */
public final class ProblemGroups {
    /** If two problems have the same key, the second only adds what could not be done. */
    private record Cause(
            Problem.Kind kind,
            String server,
            String why,
            @Nullable Remedy remedy) {}

    private final Set<Problem> reported = new HashSet<>();
    private final Set<Cause> known = new HashSet<>();

    /** The texts of the problems that were not reported yet, in order. */
    public List<String> render(List<Problem> problems) {
        SequencedMap<Object, List<Problem>> groups = new LinkedHashMap<>();
        for (Problem problem : problems) {
            if (reported.add(problem)) {
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

    /** Null if the cause is the request itself: something that does not exist, or a wrong name. */
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
