package dev.talosforge.config.hcl.eval;

import dev.talosforge.config.hcl.syntax.Range;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.hcl.value.Value.Sequence.Kind;
import java.util.Collection;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Whether values are equal: values of different types are not, and nothing is converted. Each compared value counts
 * towards the budget, because a few lines can build one that contains itself again and again.
 *
 * @param at the evaluated expression
 */
public record Equality(Budget budget, Range at) {
    /** Whether they are equal and known to be. */
    public boolean known(Value a, Value b) {
        return Boolean.TRUE.equals(of(a, b));
    }

    /** Null if it depends on a value that is not known yet. One known difference decides, whatever the rest is. */
    @Nullable
    Boolean of(Value a, Value b) {
        budget.use(1, at);
        return switch (a) {
            case Value.Unknown _ -> null;
            case Value _ when b instanceof Value.Unknown -> null;
            case Value.Sequence(Kind kind, var items)
            when b instanceof Value.Sequence(Kind otherKind, var others) -> {
                if (kind == Kind.SET && otherKind == Kind.SET && (holdsUnknown(items) || holdsUnknown(others))) {
                    yield null; // It may turn out to be any item of the other set.
                }
                boolean alike = kind == otherKind && items.size() == others.size();
                yield alike ? of(items, others) : (Boolean) false;
            }
            case Value.Mapping(boolean map, var members)
            when b instanceof Value.Mapping(boolean otherMap, var others) -> {
                boolean alike = map == otherMap && members.keySet().equals(others.keySet());
                yield alike ? of(members.values(), others.values()) : (Boolean) false;
            }
            case Value.Text _, Value.Decimal _, Value.Bool _, Value.Null _, Value.Sequence _, Value.Mapping _ ->
                a.equals(b);
        };
    }

    private @Nullable Boolean of(Collection<Value> a, Collection<Value> b) {
        boolean known = true;
        Iterator<Value> others = b.iterator();
        for (Value item : a) {
            Boolean equal = of(item, others.next());
            if (Boolean.FALSE.equals(equal)) {
                return false;
            }
            known &= equal != null;
        }
        return known ? true : null;
    }

    private static boolean holdsUnknown(Collection<Value> items) {
        return items.stream().anyMatch(Value.Unknown.class::isInstance);
    }
}
