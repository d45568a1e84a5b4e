/** What was typed: options and variables as users of other tools write them, unknown words, amounts. */
@NullMarked
package dev.talosforge.cli.words;

import org.jspecify.annotations.NullMarked;
