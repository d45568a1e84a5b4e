/** The product: what the stages do, from evaluated units to delivered artifacts. What every front end calls. */
@NullMarked
package dev.talosforge.pipeline;

import org.jspecify.annotations.NullMarked;
