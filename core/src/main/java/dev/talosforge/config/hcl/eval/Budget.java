package dev.talosforge.config.hcl.eval;

import dev.talosforge.config.hcl.syntax.Range;
import dev.talosforge.config.hcl.value.Value;

/**
 * The limits of an evaluation, over all files that it reads. Without them, a few lines that keep doubling a list would
 * fill the memory. Not thread-safe.
 */
public final class Budget {
    /** Limit of the nesting of values, and of calls within each other, across files. */
    public static final int MAX_DEPTH = 300;

    /** Limit of the items in one collection. */
    public static final int MAX_ITEMS = 1 << 20;

    private static final long MAX_STEPS = 50_000_000;

    private long steps;
    private int depth;

    void enter(Range at) {
        if (++depth > MAX_DEPTH) {
            depth--;
            throw at.problem("cannot evaluate this", "it is nested more than %d steps deep".formatted(MAX_DEPTH), null);
        }
        if (++steps > MAX_STEPS) {
            throw at.problem("cannot evaluate this", "it takes more than %d steps".formatted(MAX_STEPS), null);
        }
    }

    void leave() {
        depth--;
    }

    /** Counts work that is proportional to a size. */
    void use(long amount, Range at) {
        steps += amount;
        if (steps > MAX_STEPS) {
            throw at.problem("cannot evaluate this", "it takes more than %d steps".formatted(MAX_STEPS), null);
        }
    }

    Value bounded(Value value, Range at) {
        if (value instanceof Value.Text(String text)) {
            if (text.length() > Value.MAX_TEXT) {
                throw at.problem(
                        "cannot build this text", "it has more than %d characters".formatted(Value.MAX_TEXT), null);
            }
            use(text.length() / 64, at);
        } else if (value instanceof Value.Sequence(var _, var items)) {
            if (items.size() > MAX_ITEMS) {
                throw at.problem("cannot build this list", "it has more than %d items".formatted(MAX_ITEMS), null);
            }
            use(items.size() / 16, at);
        }
        return value;
    }
}
