/** The parts of YAML that two writers and two readers share: scalars, printable characters, and limits. */
@NullMarked
package dev.talosforge.yaml;

import org.jspecify.annotations.NullMarked;
