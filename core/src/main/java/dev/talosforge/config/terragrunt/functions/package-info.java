/** What expressions may call and name in addition to the language: Terragrunt's functions, {@code values}. */
@NullMarked
package dev.talosforge.config.terragrunt.functions;

import org.jspecify.annotations.NullMarked;
