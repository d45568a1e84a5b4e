package dev.talosforge.config.hcl.value;

import dev.talosforge.problem.Problem.Kind;
import dev.talosforge.problem.Remedy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Why a function has no result. The evaluator, which knows the place, turns it into a problem. */
public final class FunctionFailure extends RuntimeException {
    private final Kind kind;
    private final int argument;
    private final @Nullable Remedy remedy;

    /**
     * A failure.
     *
     * @param argument number of the argument that is at fault, from zero; -1 for the call as a whole
     */
    private FunctionFailure(Kind kind, int argument, @Nullable Remedy remedy, String why) {
        super(why);
        this.kind = kind;
        this.argument = argument;
        this.remedy = remedy;
    }

    public FunctionFailure(Kind kind, int argument, String why, @Nullable String remedy) {
        this(kind, argument, Remedy.of(remedy), why);
    }

    public FunctionFailure(int argument, String why) {
        this(Kind.INVALID_INPUT, argument, (Remedy) null, why);
    }

    /** A failure of a call as a whole, with a remedy that contains more than words. */
    public static FunctionFailure ofCall(Kind kind, String why, Remedy remedy) {
        return new FunctionFailure(kind, -1, remedy, why);
    }

    /** The same failure, with the place and the name of the argument that is at fault. */
    public FunctionFailure of(List<String> parameters) {
        if (argument < 0 || parameters.isEmpty()) {
            return this;
        }
        String name = parameters.get(Math.min(argument, parameters.size() - 1));
        return new FunctionFailure(kind, argument, remedy, "argument %d (%s): %s".formatted(argument + 1, name, why()));
    }

    public Kind kind() {
        return kind;
    }

    public int argument() {
        return argument;
    }

    public String why() {
        return String.valueOf(getMessage());
    }

    @Nullable
    public Remedy remedy() {
        return remedy;
    }
}
