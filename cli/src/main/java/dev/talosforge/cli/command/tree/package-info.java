/** Commands for a tree and its units. */
@NullMarked
package dev.talosforge.cli.command.tree;

import org.jspecify.annotations.NullMarked;
