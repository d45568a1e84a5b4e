package dev.talosforge.problem;

import dev.talosforge.problem.Problem.Kind;
import org.jspecify.annotations.Nullable;

/** Explains that the program's memory or stack was too small for its input: not a bug, and an option helps. */
public final class Exhausted {
    private static final int MEGABYTE = 20;
    private static final long GIGABYTE = 1L << 30;

    private Exhausted() {}

    /**
     * The problem in the name of the operation; null if the failure has another cause.
     *
     * @param what cannot be done: "cannot inspect talos.iso"
     */
    public static @Nullable Problem problem(String what, Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof StackOverflowError) {
                return stack(what);
            }
            if (cause instanceof OutOfMemoryError memory) {
                return String.valueOf(memory.getMessage()).contains("native thread") ? threads(what) : heap(what);
            }
        }
        return null;
    }

    private static Problem heap(String what) {
        long limit = Runtime.getRuntime().maxMemory();
        return Problem.failed(Kind.ENVIRONMENT, what)
                .because("it needs more memory than the program may use (%d MB)".formatted(limit >> MEGABYTE))
                .trying(Remedy.sentence(
                        "allow more: ", Remedy.give(RunOption.HEAP, "%dg".formatted(1 + limit / GIGABYTE))));
    }

    private static Problem stack(String what) {
        return Problem.failed(Kind.ENVIRONMENT, what)
                .because("values refer to each other, or are nested, deeper than the program's stack allows")
                .trying(Remedy.sentence(
                        "make the chain shorter, or allow a deeper stack: ", Remedy.give(RunOption.STACK, "16m")));
    }

    private static Problem threads(String what) {
        return Problem.failed(Kind.ENVIRONMENT, what)
                .because("the operating system allows the program no more threads")
                .trying("end other programs, or raise the process limit: ulimit -u");
    }
}
