package dev.talosforge.config.hcl;

import dev.talosforge.problem.Problem.Kind;
import org.jspecify.annotations.Nullable;

/** Why a function has no result. The evaluator, which knows the place, makes a problem of it. */
public final class FunctionFailure extends RuntimeException {
    private final Kind kind;
    private final int argument;
    private final @Nullable String remedy;

    /**
     * A failure.
     *
     * @param argument number of the argument that is to blame, from zero; -1 for the call as a whole
     */
    public FunctionFailure(Kind kind, int argument, String why, @Nullable String remedy) {
        super(why);
        this.kind = kind;
        this.argument = argument;
        this.remedy = remedy;
    }

    public FunctionFailure(int argument, String why) {
        this(Kind.INVALID_INPUT, argument, why, null);
    }

    Kind kind() {
        return kind;
    }

    int argument() {
        return argument;
    }

    String why() {
        return String.valueOf(getMessage());
    }

    @Nullable
    String remedy() {
        return remedy;
    }
}
