/** FAT16 and FAT32 with long names: the EFI system partition. See docs/formats/fat.md. */
@NullMarked
package dev.talosforge.format.fat;

import org.jspecify.annotations.NullMarked;
