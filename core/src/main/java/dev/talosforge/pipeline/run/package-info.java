/** The units of a tree: found, ordered, evaluated and run, and their results. Knows no stage. */
@NullMarked
package dev.talosforge.pipeline.run;

import org.jspecify.annotations.NullMarked;
