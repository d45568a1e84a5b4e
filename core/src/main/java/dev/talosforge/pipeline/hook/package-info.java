/** The hooks of units, by Terragrunt's rules. */
@NullMarked
package dev.talosforge.pipeline.hook;

import org.jspecify.annotations.NullMarked;
