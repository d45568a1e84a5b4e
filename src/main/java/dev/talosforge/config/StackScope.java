package dev.talosforge.config;

import dev.talosforge.config.hcl.Evaluator;
import dev.talosforge.config.hcl.Scope;

/**
 * With what the expressions of a stack's file are evaluated, wherever their values are used.
 *
 * @param context of the stack's file
 * @param names {@code local}, {@code values}, {@code unit} and {@code stack}
 */
record StackScope(Context context, Scope names) {
    Evaluator evaluator(Run run) {
        return new Evaluator(names, FileEvaluation.functions(run, context), run.budget());
    }
}
