/** Terragrunt's rules: blocks, includes, dependencies and functions of units. */
@NullMarked
package dev.talosforge.config.terragrunt;

import org.jspecify.annotations.NullMarked;
