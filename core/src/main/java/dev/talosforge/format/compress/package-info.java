/** Codecs: the only package that knows which libraries compress. See docs/formats/compress.md. */
@NullMarked
package dev.talosforge.format.compress;

import org.jspecify.annotations.NullMarked;
