package dev.talosforge.problem;

import dev.talosforge.problem.Problem.Kind;
import org.jspecify.annotations.Nullable;

/** When the program's own memory or stack did not suffice for what it was given: nobody's bug, and there is an option. */
public final class Exhausted {
    private static final int MEGABYTE = 20;
    private static final long GIGABYTE = 1L << 30;

    private Exhausted() {}

    /**
     * Says so in a thing's name; null where a failure has another reason.
     *
     * @param what cannot be done then: "cannot inspect talos.iso"
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
                .because("it takes more memory than the program may use, which is %d MB".formatted(limit >> MEGABYTE))
                .trying(Remedy.sentence(
                        "allow it more: ", Remedy.give(RunOption.HEAP, "%dg".formatted(1 + limit / GIGABYTE))));
    }

    private static Problem stack(String what) {
        return Problem.failed(Kind.ENVIRONMENT, what)
                .because(
                        "one value leads to the next, or stands in another, more often than the program's stack is deep")
                .trying(Remedy.sentence(
                        "make the chain shorter, or allow a deeper stack: ", Remedy.give(RunOption.STACK, "16m")));
    }

    private static Problem threads(String what) {
        return Problem.failed(Kind.ENVIRONMENT, what)
                .because("the operating system gives the program no more threads")
                .trying("end other programs, or raise the limit of processes: ulimit -u");
    }
}
