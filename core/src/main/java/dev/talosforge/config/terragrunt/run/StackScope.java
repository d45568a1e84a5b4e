package dev.talosforge.config.terragrunt.run;

import dev.talosforge.config.hcl.eval.Scope;

/**
 * The scope of the expressions of a stack's file, wherever their values are used.
 *
 * @param context of the stack's file
 * @param names {@code local}, {@code values}, {@code unit} and {@code stack}
 */
public record StackScope(FileContext context, Scope names) {}
