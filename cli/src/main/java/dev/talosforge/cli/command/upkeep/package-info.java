/** Commands that keep a tree, its uploads, the store and this machine in order. */
@NullMarked
package dev.talosforge.cli.command.upkeep;

import org.jspecify.annotations.NullMarked;
