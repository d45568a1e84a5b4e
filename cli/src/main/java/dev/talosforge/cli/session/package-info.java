/** One run of a command: its options and environment, its output, the objects that do the work. */
@NullMarked
package dev.talosforge.cli.session;

import org.jspecify.annotations.NullMarked;
