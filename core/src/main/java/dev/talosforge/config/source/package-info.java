/** The places where a unit's inputs are written, and what the inputs come from. */
@NullMarked
package dev.talosforge.config.source;

import org.jspecify.annotations.NullMarked;
