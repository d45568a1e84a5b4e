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
 * Does work that takes from the store what earlier runs left there. What is damaged is thrown away when it is read; then
 * whatever the work failed with says nothing, and it is done again. Nothing of it was delivered by then.
 */
public record Repair(BuildContext context, String unit) {
    /** Of one blob: others that read it at the same time may tell of it late. */
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
                                    "the store's copy of %s was damaged: it is thrown away and made again"
                                            .formatted(blob));
                }
            }
        }
    }

    private static BuildException again(Sha256 blob, Exception cause) {
        return new BuildException(
                Problem.failed(Problem.Kind.ENVIRONMENT, "cannot keep %s in the store".formatted(blob))
                        .because("it was made again, and was damaged again when it was read")
                        .trying(Remedy.sentence(
                                "check disk and memory of this machine, or give another folder: ",
                                Remedy.give(RunOption.STORE, "FOLDER"))),
                cause);
    }
}
