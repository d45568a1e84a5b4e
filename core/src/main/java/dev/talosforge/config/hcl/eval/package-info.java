/** Evaluates expressions to values. */
@NullMarked
package dev.talosforge.config.hcl.eval;

import org.jspecify.annotations.NullMarked;
