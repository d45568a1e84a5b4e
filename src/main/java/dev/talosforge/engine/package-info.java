/** Steps by identity, the store of what they made, a graph run in order, and the events of a run. Knows no domain. */
@NullMarked
package dev.talosforge.engine;

import org.jspecify.annotations.NullMarked;
