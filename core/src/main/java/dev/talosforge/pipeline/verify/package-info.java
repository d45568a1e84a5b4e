/** Proves what a unit delivered. */
@NullMarked
package dev.talosforge.pipeline.verify;

import org.jspecify.annotations.NullMarked;
