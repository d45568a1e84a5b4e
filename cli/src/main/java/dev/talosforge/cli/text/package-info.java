/** The texts that people read. */
@NullMarked
package dev.talosforge.cli.text;

import org.jspecify.annotations.NullMarked;
