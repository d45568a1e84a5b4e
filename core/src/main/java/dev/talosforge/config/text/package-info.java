/** Converts YAML and JSON to values and back. */
@NullMarked
package dev.talosforge.config.text;

import org.jspecify.annotations.NullMarked;
