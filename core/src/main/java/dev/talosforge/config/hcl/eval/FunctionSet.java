package dev.talosforge.config.hcl.eval;

import dev.talosforge.config.hcl.value.Value;
import java.util.Collections;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Functions that need something from where they are called, such as the folder of the file. Described once for all
 * files; a function is made when an expression calls it. Immutable.
 *
 * @param <C> what they need
 */
public final class FunctionSet<C> {
    private final SortedMap<String, Described<C>> functions;

    private FunctionSet(SortedMap<String, Described<C>> functions) {
        this.functions = functions;
    }

    /** The implementation of a function, like {@link Function.Code}. */
    @FunctionalInterface
    public interface Code<C> {
        Value call(C context, Arguments arguments);
    }

    private record Described<C>(Function.Signature signature, boolean outside, Code<C> code) {}

    @Nullable
    Function find(String name, C context) {
        Described<C> found = functions.get(name);
        return found == null
                ? null
                : found.signature.function(found.outside, arguments -> found.code.call(context, arguments));
    }

    Set<String> names() {
        return functions.keySet();
    }

    /** Collects functions; one of the same name replaces the existing one. */
    public static final class Builder<C> {
        private final SortedMap<String, Described<C>> functions = new TreeMap<>();

        /** Like {@link Function#of(String, Function.Code)}. */
        public Builder<C> of(String signature, Code<C> code) {
            return add(Function.Signature.parse(signature), false, code);
        }

        /** Like {@link Function#outside(String, Function.Code)}. */
        public Builder<C> outside(String signature, Code<C> code) {
            return add(Function.Signature.parse(signature), true, code);
        }

        /** Like {@link Function#of(String, int, int, Function.Code)}. */
        public Builder<C> of(String name, int least, int most, Code<C> code) {
            return add(Function.Signature.of(name, least, most), false, code);
        }

        /** Like {@link Function#outside(String, int, int, Function.Code)}. */
        public Builder<C> outside(String name, int least, int most, Code<C> code) {
            return add(Function.Signature.of(name, least, most), true, code);
        }

        private Builder<C> add(Function.Signature signature, boolean outside, Code<C> code) {
            functions.put(signature.name(), new Described<>(signature, outside, code));
            return this;
        }

        public FunctionSet<C> build() {
            return new FunctionSet<>(Collections.unmodifiableSortedMap(new TreeMap<>(functions)));
        }
    }
}
