/** Commands for images and other artifacts. */
@NullMarked
package dev.talosforge.cli.command.images;

import org.jspecify.annotations.NullMarked;
