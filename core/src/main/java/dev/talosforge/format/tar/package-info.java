/** POSIX ustar with pax extensions, written and read; GNU's long names are read. See docs/formats/tar.md. */
@NullMarked
package dev.talosforge.format.tar;

import org.jspecify.annotations.NullMarked;
