/** YAML as far as two writers and two readers of it share it: texts as scalars, what prints, and what is read at most. */
@NullMarked
package dev.talosforge.yaml;

import org.jspecify.annotations.NullMarked;
