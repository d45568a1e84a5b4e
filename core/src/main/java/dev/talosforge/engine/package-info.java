/**
 * Steps by identity, the store of their results, graphs run in order, and the events of a run. Independent of the
 * domain.
 */
@NullMarked
package dev.talosforge.engine;

import org.jspecify.annotations.NullMarked;
