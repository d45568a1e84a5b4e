/** PE32+ images for UEFI: reading one, and assembling a unified kernel image. See docs/formats/pe.md. */
@NullMarked
package dev.talosforge.format.pe;

import org.jspecify.annotations.NullMarked;
