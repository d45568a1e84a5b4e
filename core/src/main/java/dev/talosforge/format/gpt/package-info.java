/** The GUID partition table and the protective MBR before it. See docs/formats/gpt.md. */
@NullMarked
package dev.talosforge.format.gpt;

import org.jspecify.annotations.NullMarked;
