/** Debian binary packages, read. See docs/formats/deb.md. */
@NullMarked
package dev.talosforge.format.deb;

import org.jspecify.annotations.NullMarked;
