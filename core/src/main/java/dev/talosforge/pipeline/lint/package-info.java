/** Checks for what is allowed in a unit but probably a mistake. */
@NullMarked
package dev.talosforge.pipeline.lint;

import org.jspecify.annotations.NullMarked;
