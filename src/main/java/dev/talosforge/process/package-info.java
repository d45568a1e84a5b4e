/** Programs of this machine as child processes: how they are started, listened to and ended. */
@NullMarked
package dev.talosforge.process;

import org.jspecify.annotations.NullMarked;
