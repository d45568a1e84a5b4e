/** What an extension is made of: its sources as data, what is taken of each, where it goes, and how they are put together. */
@NullMarked
package dev.talosforge.extension;

import org.jspecify.annotations.NullMarked;
