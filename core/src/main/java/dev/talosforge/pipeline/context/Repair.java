package dev.talosforge.pipeline.context;

import dev.talosforge.bytes.Sha256;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Remedy;
import dev.talosforge.problem.RunOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * Does work that uses results of earlier runs from the store. Damaged ones are discarded when they are read; the
 * failure of the work then means nothing, and the work is repeated. Nothing was delivered by then.
 */
public record Repair(BuildContext context, String unit) {
    /** Tries for one blob: others that read it at the same time may report it late. */
    private static final int MAX_TIMES = 3;

    public <T> T run(Callable<T> work) throws Exception {
        Map<Sha256, Integer> times = new HashMap<>(); // looked up only, never walked
        while (true) {
            int before = context.store().damaged().size();
            try {
                return work.call();
            } catch (Exception e) {
                List<Sha256> damaged = context.store().damaged();
                List<Sha256> found = damaged.subList(before, damaged.size()).stream()
                        .distinct()
                        .toList();
                if (found.isEmpty() || Failures.interrupted(e)) {
                    throw e;
                }
                for (Sha256 blob : found) {
                    if (times.merge(blob, 1, Integer::sum) == MAX_TIMES) {
                        throw again(blob, e);
                    }
                    context.events()
                            .warning(
                                    unit,
                                    "the store's copy of %s was damaged; it is discarded and rebuilt".formatted(blob));
                }
            }
        }
    }

    private static BuildException again(Sha256 blob, Exception cause) {
        return new BuildException(
                Problem.failed(Problem.Kind.ENVIRONMENT, "cannot keep %s in the store".formatted(blob))
                        .because("it was rebuilt, and was damaged again when it was read")
                        .trying(Remedy.sentence(
                                "check this machine's disk and memory, or use another folder: ",
                                Remedy.give(RunOption.STORE, "FOLDER"))),
                cause);
    }
}
