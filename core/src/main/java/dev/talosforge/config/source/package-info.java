/** Where a unit's inputs are written, and what they come from. */
@NullMarked
package dev.talosforge.config.source;

import org.jspecify.annotations.NullMarked;
