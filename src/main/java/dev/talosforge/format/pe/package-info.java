/** PE32+ images for UEFI: reading one, and putting a unified kernel image together. See docs/formats/pe.md. */
@NullMarked
package dev.talosforge.format.pe;

import org.jspecify.annotations.NullMarked;
