/** Runs programs of this machine as child processes: starts them, reads their output, ends them. */
@NullMarked
package dev.talosforge.process;

import org.jspecify.annotations.NullMarked;
