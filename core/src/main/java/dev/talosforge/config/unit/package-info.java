/** Units as plain data. */
@NullMarked
package dev.talosforge.config.unit;

import org.jspecify.annotations.NullMarked;
