package dev.talosforge.config.hcl;

/**
 * A function that expressions may call.
 *
 * @param least arguments it needs
 * @param most arguments it takes; {@link #ANY_NUMBER} for no limit
 * @param outside whether it looks at or acts on more than its arguments, so that it is not called without need
 */
public record Function(String name, int least, int most, boolean outside, Code code) {
    /** For {@code most}: no limit. */
    public static final int ANY_NUMBER = Integer.MAX_VALUE;

    /** What it does. */
    @FunctionalInterface
    public interface Code {
        /** The result; what cannot be done is a {@link FunctionFailure}. */
        Value call(Arguments arguments);
    }

    public static Function of(String name, int least, int most, Code code) {
        return new Function(name, least, most, false, code);
    }

    public static Function outside(String name, int least, int most, Code code) {
        return new Function(name, least, most, true, code);
    }
}
