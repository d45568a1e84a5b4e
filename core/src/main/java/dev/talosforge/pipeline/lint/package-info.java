/** What is allowed in a unit and hardly meant. */
@NullMarked
package dev.talosforge.pipeline.lint;

import org.jspecify.annotations.NullMarked;
