/** The units of a tree: found, ordered, evaluated and run, and what became of them. Knows no stage. */
@NullMarked
package dev.talosforge.pipeline.run;

import org.jspecify.annotations.NullMarked;
