package dev.talosforge.config.hcl.eval;

import dev.talosforge.config.hcl.value.FunctionFailure;
import dev.talosforge.config.hcl.value.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * A function that expressions may call.
 *
 * @param least number of arguments that it needs
 * @param most number of arguments that it accepts; {@link #ANY_NUMBER} for no limit
 * @param outside whether it reads or changes more than its arguments, so that it is only called if necessary
 */
public record Function(String name, int least, int most, boolean outside, Code code) {
    /** For {@code most}: no limit. */
    public static final int ANY_NUMBER = Integer.MAX_VALUE;

    /** The implementation of a function. */
    @FunctionalInterface
    public interface Code {
        /** The result; an impossible call throws a {@link FunctionFailure}. */
        Value call(Arguments arguments);
    }

    /**
     * A function's name, and how it may be called.
     *
     * @param parameters the names of its parameters, which appear in its failures; empty if they are not told
     */
    record Signature(String name, int least, int most, List<String> parameters) {
        Signature {
            parameters = List.copyOf(parameters);
        }

        static Signature of(String name, int least, int most) {
            return new Signature(name, least, most, List.of());
        }

        /** Parses {@code lookup(map, key, default?)}, see {@link Function#of(String, Code)}. */
        static Signature parse(String signature) {
            int bracket = signature.indexOf('(');
            List<String> names = new ArrayList<>();
            int least = 0;
            int most = 0;
            for (String parameter :
                    signature.substring(bracket + 1, signature.length() - 1).split(", ", -1)) {
                boolean many = parameter.endsWith("*") || parameter.endsWith("...");
                least += parameter.endsWith("*") || parameter.endsWith("?") ? 0 : 1;
                most = many ? ANY_NUMBER : most + 1;
                names.add(parameter.replaceAll("[.?*]+", ""));
            }
            return new Signature(signature.substring(0, bracket), least, most, names);
        }

        Function function(boolean outside, Code code) {
            return new Function(
                    name,
                    least,
                    most,
                    outside,
                    parameters.isEmpty()
                            ? code
                            : arguments -> {
                                try {
                                    return code.call(arguments);
                                } catch (FunctionFailure failure) {
                                    throw failure.of(parameters);
                                }
                            });
        }
    }

    public static Function of(String name, int least, int most, Code code) {
        return Signature.of(name, least, most).function(false, code);
    }

    public static Function outside(String name, int least, int most, Code code) {
        return Signature.of(name, least, most).function(true, code);
    }

    /**
     * A function from its signature, whose names appear in its failures: {@code lookup(map, key, default?)} may be
     * called without the last one, {@code max(numbers...)} accepts one or more, {@code merge(maps*)} none or more.
     */
    public static Function of(String signature, Code code) {
        return Signature.parse(signature).function(false, code);
    }

    /** A function from its signature that reads more than its arguments. */
    public static Function outside(String signature, Code code) {
        return Signature.parse(signature).function(true, code);
    }
}
