/** The functions that expressions may call. */
@NullMarked
package dev.talosforge.config.hcl.functions;

import org.jspecify.annotations.NullMarked;
