/** Kernel arguments, command lines and kernel files, by the rules of Talos. */
@NullMarked
package dev.talosforge.talos.kernel;

import org.jspecify.annotations.NullMarked;
