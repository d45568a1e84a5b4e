/** Which digest a written reference stands for: the tree's lock and Talos' catalogue. */
@NullMarked
package dev.talosforge.pipeline.pin;

import org.jspecify.annotations.NullMarked;
