/** The makings of an extension: its sources as data, what to use of each, where it goes, and how they combine. */
@NullMarked
package dev.talosforge.extension;

import org.jspecify.annotations.NullMarked;
