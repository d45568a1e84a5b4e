/** ISO 9660 with Rock Ridge and El Torito: the hybrid boot medium. See docs/formats/iso9660.md. */
@NullMarked
package dev.talosforge.format.iso9660;

import org.jspecify.annotations.NullMarked;
